-- Failures since a moment that were re-run, unchanged or after a recovery, and whether any such re-run succeeded.
SELECT retries.failure_id, retries.recovery, bool_or(retries.success) AS success
FROM retries
JOIN failures ON failures.id = retries.failure_id
WHERE failures.occurred_at >= $from_time
GROUP BY retries.failure_id, retries.recovery
