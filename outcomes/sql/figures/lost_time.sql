-- Time that calls of a window took, in all and by type: those that failed, and re-runs that helped, unchanged or after a
-- recovery.
SELECT
    CASE WHEN grouping(type) = 0 THEN 'type' ELSE 'all' END AS dimension,
    type AS value,
    count(*) FILTER (WHERE NOT success) AS failed_calls,
    sum(seconds) FILTER (WHERE NOT success) AS failed_seconds,
    count(*) FILTER (WHERE NOT success AND retry) AS failed_retries,
    sum(seconds) FILTER (WHERE NOT success AND retry) AS failed_retry_seconds,
    count(*) FILTER (WHERE success AND recovery IS NULL) AS helpful_retries,
    sum(seconds) FILTER (WHERE success AND recovery IS NULL) AS helpful_retry_seconds,
    count(*) FILTER (WHERE success AND recovery IS NOT NULL) AS helpful_recoveries,
    sum(seconds) FILTER (WHERE success AND recovery IS NOT NULL) AS helpful_recovery_seconds,
    count(*) FILTER (WHERE seconds IS NULL) AS untimed_calls
FROM lost_calls
WHERE in_window(ended_at) AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY GROUPING SETS ((), (type))
ORDER BY dimension, failed_seconds DESC NULLS LAST, failed_calls DESC, value
