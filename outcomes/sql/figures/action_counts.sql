-- Recoveries, resets and escalations of a window, by name and by how they ended.
SELECT
    actions.kind,
    actions.name,
    count(*) FILTER (WHERE actions.result = 'success') AS success,
    count(*) FILTER (WHERE actions.result = 'partial') AS partial,
    count(*) FILTER (WHERE actions.result = 'failed') AS failed,
    count(*) FILTER (WHERE actions.result = 'skipped') AS skipped
FROM actions
LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
WHERE actions.kind IN ('recover', 'reset', 'escalate') AND in_window(actions.ended_at)
    AND in_places(
        failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
    )
    AND in_kinds(failure_types.type, failure_types.severity)
GROUP BY actions.kind, actions.name
ORDER BY actions.kind, count(*) DESC, actions.name
