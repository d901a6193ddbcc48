-- Failures since a moment, and how many of them were decided.
SELECT count(*) AS failures, count(decided.failure_id) AS decided
FROM failures
LEFT JOIN (
    SELECT DISTINCT failure_id FROM decisions WHERE strategy IS NOT NULL
) AS decided ON decided.failure_id = failures.id
WHERE failures.occurred_at >= $from_time
