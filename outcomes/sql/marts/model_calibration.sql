-- One row per model and tenth of confidence: how sure it was, and how often a person or an import agreed.
SELECT
    decisions.model_version,
    CAST(least(floor(decisions.confidence * 10), 9) AS BIGINT) AS bin,
    count(*) AS failures,
    count(decisions.abstained) AS abstained,
    count(*) FILTER (WHERE decisions.type = effective_labels.type) AS correct,
    exact_mean(decisions.confidence) AS mean_confidence,
    count(*) FILTER (WHERE decisions.type = effective_labels.type) / count(*) AS accuracy
FROM decisions
JOIN failures ON failures.id = decisions.failure_id
JOIN effective_labels ON effective_labels.failure_id = decisions.failure_id
WHERE effective_labels.source IN ('human', 'import')
    AND decisions.type IS NOT NULL AND decisions.confidence IS NOT NULL AND in_window(failures.occurred_at)
GROUP BY ALL
