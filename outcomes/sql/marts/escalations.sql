-- Escalations per day, target, result, and what was escalated.
SELECT
    CAST(actions.ended_at AS DATE) AS day,
    actions.name AS target,
    actions.result,
    failure_types.type,
    failure_types.severity,
    failure_types.environment,
    count(*) AS escalations,
    count(DISTINCT actions.failure_id) AS failures,
    count(actions.started_at) AS timed,
    coalesce(exact_sum(epoch(actions.ended_at - actions.started_at)), 0) AS seconds
FROM actions
LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
WHERE actions.kind = 'escalate'
GROUP BY ALL
