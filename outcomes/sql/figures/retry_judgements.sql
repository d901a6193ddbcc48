-- Unchanged re-runs of a window by whether the decision held the failure for worth one: how many succeeded.
SELECT
    decisions.retryable,
    count(*) AS reruns,
    count(*) FILTER (WHERE retries.success) AS successes
FROM retries
JOIN decisions ON decisions.failure_id = retries.failure_id
JOIN failure_types ON failure_types.failure_id = retries.failure_id
WHERE retries.recovery IS NULL AND decisions.retryable IS NOT NULL AND in_window(retries.ended_at)
    AND in_places(retries.environment, retries.component, retries.repository, retries.operation)
    AND in_kinds(retries.type, failure_types.severity)
GROUP BY decisions.retryable
ORDER BY decisions.retryable
