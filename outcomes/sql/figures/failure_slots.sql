-- Failures of a window by slots of so many seconds, counted from its start; slots without any have no row.
SELECT CAST(floor(epoch(occurred_at - window_start()) / $seconds) AS BIGINT) AS slot, count(*) AS failures
FROM failure_types
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY slot
ORDER BY slot
