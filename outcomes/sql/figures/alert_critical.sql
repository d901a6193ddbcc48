-- Failures of a window by place that were decided to be critical, with the newest of them; cancelled and imported ones
-- are left out.
SELECT
    value,
    count(*) AS failures,
    arg_max(type, (occurred_at, failure_id)) AS last_type,
    arg_max(operation, (occurred_at, failure_id)) AS last_operation,
    arg_max(failure_id, (occurred_at, failure_id)) AS last_id
FROM (
    SELECT *, place_name($dimension, environment, component, repository, operation) AS value
    FROM failure_types
    WHERE severity = 'critical' AND NOT cancelled AND NOT imported AND in_window(occurred_at)
) AS found
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY failures DESC, value
LIMIT $size
