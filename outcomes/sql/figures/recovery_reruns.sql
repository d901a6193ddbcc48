-- Calls of operations in a window that followed a recovery, by recipe: whether they succeeded.
SELECT retries.recovery AS name, count(*) AS reruns, count(*) FILTER (WHERE retries.success) AS successes
FROM retries
JOIN failure_types ON failure_types.failure_id = retries.failure_id
WHERE retries.recovery IS NOT NULL AND in_window(retries.ended_at)
    AND in_places(retries.environment, retries.component, retries.repository, retries.operation)
    AND in_kinds(retries.type, failure_types.severity)
GROUP BY retries.recovery
ORDER BY reruns DESC, name
