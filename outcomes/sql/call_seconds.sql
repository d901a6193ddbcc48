-- How many calls of each operation say when they started, and how long they took in all.
SELECT operation, count(*) AS calls, sum(epoch(ended_at - started_at)) AS seconds
FROM attempts
WHERE started_at IS NOT NULL AND ended_at >= started_at
GROUP BY operation
