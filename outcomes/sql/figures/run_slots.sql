-- Calls of operations in a window by slots of so many seconds, counted from its start; slots without any have no row.
-- Cancelled and imported ones are left out.
SELECT
    CAST(floor(epoch(ended_at - window_start()) / $seconds) AS BIGINT) AS slot,
    count(*) AS calls,
    count(*) FILTER (WHERE success) AS successes,
    exact_mean(seconds) AS mean_seconds
FROM runs
WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
    AND in_places(environment, component, repository, operation)
GROUP BY slot
ORDER BY slot
