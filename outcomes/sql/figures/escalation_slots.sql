-- Escalations of a window by slots of so many seconds, counted from its start; slots without any have no row.
SELECT CAST(floor(epoch(actions.ended_at - window_start()) / $seconds) AS BIGINT) AS slot, count(*) AS escalations
FROM actions
LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
WHERE actions.kind = 'escalate' AND in_window(actions.ended_at)
    AND in_places(
        failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
    )
    AND in_kinds(failure_types.type, failure_types.severity)
GROUP BY slot
ORDER BY slot
