-- Unchanged re-runs of a window, in all and by the type of the failure that they followed.
SELECT
    CASE WHEN grouping(retries.type) = 0 THEN 'type' ELSE 'all' END AS dimension,
    retries.type AS value,
    count(*) AS retries,
    count(*) FILTER (WHERE retries.success) AS successes
FROM retries
JOIN failure_types ON failure_types.failure_id = retries.failure_id
WHERE retries.recovery IS NULL AND in_window(retries.ended_at)
    AND in_places(retries.environment, retries.component, retries.repository, retries.operation)
    AND in_kinds(retries.type, failure_types.severity)
GROUP BY GROUPING SETS ((), (retries.type))
ORDER BY dimension, retries DESC, value
