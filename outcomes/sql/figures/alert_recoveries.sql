-- Recoveries of a window by place of the failure: how many were carried out, and how many of these failed.
SELECT
    value,
    count(*) AS recoveries,
    count(*) FILTER (WHERE result = 'failed') AS failed,
    arg_max(name, (ended_at, id)) FILTER (WHERE result = 'failed') AS last_failed
FROM (
    SELECT
        actions.id, actions.name, actions.result, actions.ended_at,
        place_name(
            $dimension, failure_types.environment, failure_types.component, failure_types.repository,
            failure_types.operation
        ) AS value
    FROM actions
    LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
    WHERE actions.kind = 'recover' AND actions.result <> 'skipped' AND in_window(actions.ended_at)
) AS recoveries
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY failed DESC, recoveries DESC, value
LIMIT $size
