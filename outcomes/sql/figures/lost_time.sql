-- Time that calls of a window took, in all and by type: those that failed, and re-runs that helped, unchanged or after a
-- recovery.
SELECT
    CASE WHEN grouping(type) = 0 THEN 'type' ELSE 'all' END AS dimension,
    type AS value,
    count(*) FILTER (WHERE NOT success) AS failed_calls,
    exact_sum(CASE WHEN NOT success THEN seconds END) AS failed_seconds,
    count(*) FILTER (WHERE NOT success AND retry) AS failed_retries,
    exact_sum(CASE WHEN NOT success AND retry THEN seconds END) AS failed_retry_seconds,
    count(*) FILTER (WHERE success AND recovery IS NULL) AS helpful_retries,
    exact_sum(CASE WHEN success AND recovery IS NULL THEN seconds END) AS helpful_retry_seconds,
    count(*) FILTER (WHERE success AND recovery IS NOT NULL) AS helpful_recoveries,
    exact_sum(CASE WHEN success AND recovery IS NOT NULL THEN seconds END) AS helpful_recovery_seconds,
    count(*) FILTER (WHERE seconds IS NULL) AS untimed_calls
FROM lost_calls
WHERE in_window(ended_at) AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY GROUPING SETS ((), (type))
ORDER BY dimension, failed_seconds DESC NULLS LAST, failed_calls DESC, value
