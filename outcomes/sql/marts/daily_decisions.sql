-- Decisions per day, model, rule set and strategy, with how right they were where a person or an import said so.
SELECT
    CAST(failure_types.occurred_at AS DATE) AS day,
    decisions.model_version,
    decisions.rules_revision,
    decisions.strategy,
    count(*) AS decisions,
    count(decisions.abstained) AS abstained,
    exact_sum(decisions.confidence) AS confidence_sum,
    count(*) FILTER (WHERE failure_types.label_source IN ('human', 'import')) AS labelled,
    count(*) FILTER (
        WHERE failure_types.label_source IN ('human', 'import') AND failure_types.label_type = failure_types.decided_type
    ) AS correct
FROM failure_types
JOIN decisions ON decisions.failure_id = failure_types.failure_id
WHERE decisions.type IS NOT NULL
GROUP BY ALL
