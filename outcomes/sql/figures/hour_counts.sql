-- Failures of a window by the hour of the clock, in UTC; hours without any have no row.
SELECT date_trunc('hour', occurred_at) AS hour, count(*) AS failures
FROM failure_types
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY hour
ORDER BY hour
