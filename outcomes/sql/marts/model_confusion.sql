-- One row per model, decided type and true type, where a person or an import said what it was.
SELECT
    decisions.model_version,
    decisions.type AS decided_type,
    effective_labels.type AS label_type,
    decisions.abstained IS NOT NULL AS abstained,
    count(*) AS failures
FROM decisions
JOIN failures ON failures.id = decisions.failure_id
JOIN effective_labels ON effective_labels.failure_id = decisions.failure_id
WHERE effective_labels.source IN ('human', 'import') AND decisions.type IS NOT NULL
    AND in_window(failures.occurred_at)
GROUP BY ALL
