-- What was decided against what a person or an import said, of failures of a window, and whether the decision was sure.
SELECT
    failure_types.decided_type,
    failure_types.label_type,
    decisions.abstained IS NULL AS sure,
    count(*) AS failures
FROM failure_types
JOIN decisions ON decisions.failure_id = failure_types.failure_id
WHERE failure_types.label_source IN ('human', 'import') AND failure_types.decided_type IS NOT NULL
    AND in_window(failure_types.occurred_at)
    AND in_places(
        failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
    )
    AND in_kinds(failure_types.type, failure_types.severity)
GROUP BY ALL
ORDER BY failures DESC, failure_types.decided_type, failure_types.label_type, sure
