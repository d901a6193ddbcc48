-- Outcomes of a window, and when the first of them occurred.
SELECT count(*) AS outcomes, min(occurred_at) AS first_at
FROM failures
WHERE occurred_at >= $from_time AND occurred_at < $to_time
