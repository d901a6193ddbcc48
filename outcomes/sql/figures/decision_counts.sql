-- Decisions on failures of a window, in all, by model and by why they were unsure: how many a person or an import labelled,
-- and how many of these were right.
SELECT
    CASE
        WHEN grouping(decisions.model_version) = 0 THEN 'model'
        WHEN grouping(decisions.abstained) = 0 THEN 'abstained'
        ELSE 'all'
    END AS dimension,
    coalesce(decisions.model_version, decisions.abstained) AS value,
    count(*) AS decisions,
    count(*) FILTER (WHERE decisions.abstained IS NOT NULL) AS abstained,
    count(*) FILTER (WHERE failure_types.label_source IN ('human', 'import')) AS labelled,
    count(*) FILTER (
        WHERE failure_types.label_source IN ('human', 'import') AND failure_types.label_type = failure_types.decided_type
    ) AS correct
FROM failure_types
JOIN decisions ON decisions.failure_id = failure_types.failure_id
WHERE failure_types.decided_type IS NOT NULL AND in_window(failure_types.occurred_at)
    AND in_places(
        failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
    )
    AND in_kinds(failure_types.type, failure_types.severity)
GROUP BY GROUPING SETS ((), (decisions.model_version), (decisions.abstained))
ORDER BY dimension, decisions DESC, value
