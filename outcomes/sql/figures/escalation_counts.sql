-- Escalations of a window, in all and by target, type, severity and environment: how many, and how they ended.
SELECT
    CASE
        WHEN grouping(actions.name) = 0 THEN 'target'
        WHEN grouping(failure_types.type) = 0 THEN 'type'
        WHEN grouping(failure_types.severity) = 0 THEN 'severity'
        WHEN grouping(failure_types.environment) = 0 THEN 'environment'
        ELSE 'all'
    END AS dimension,
    coalesce(actions.name, failure_types.type, failure_types.severity, failure_types.environment) AS value,
    count(*) AS escalations,
    count(DISTINCT actions.failure_id) AS failures,
    count(*) FILTER (WHERE actions.result IN ('success', 'partial')) AS arrived,
    count(*) FILTER (WHERE actions.result = 'failed') AS failed,
    count(*) FILTER (WHERE actions.result = 'skipped') AS skipped,
    exact_mean(epoch(actions.ended_at - actions.started_at)) AS mean_seconds
FROM actions
LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
WHERE actions.kind = 'escalate' AND in_window(actions.ended_at)
    AND in_places(
        failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
    )
    AND in_kinds(failure_types.type, failure_types.severity)
GROUP BY GROUPING SETS ((), (actions.name), (failure_types.type), (failure_types.severity), (failure_types.environment))
ORDER BY dimension, escalations DESC, value
