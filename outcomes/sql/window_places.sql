-- Outcomes of a window per tool, operation, component and job.
SELECT 'tool' AS kind, tool AS name, count(*) AS outcomes
FROM failures
WHERE occurred_at >= $from_time AND occurred_at < $to_time AND tool IS NOT NULL
GROUP BY tool
UNION ALL
SELECT 'operation' AS kind, operation AS name, count(*) AS outcomes
FROM failures
WHERE occurred_at >= $from_time AND occurred_at < $to_time AND operation IS NOT NULL
GROUP BY operation
UNION ALL
SELECT 'component' AS kind, component AS name, count(*) AS outcomes
FROM failures
WHERE occurred_at >= $from_time AND occurred_at < $to_time AND component IS NOT NULL
GROUP BY component
UNION ALL
SELECT 'job' AS kind, job AS name, count(*) AS outcomes
FROM failures
WHERE occurred_at >= $from_time AND occurred_at < $to_time AND job IS NOT NULL
GROUP BY job
