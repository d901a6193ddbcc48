-- Calls of operations in a window by environment, as in call_counts.
SELECT environment, count(*) AS calls, count(*) FILTER (WHERE NOT success) AS failures
FROM runs
WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
    AND in_places(environment, component, repository, operation)
GROUP BY environment
ORDER BY calls DESC, environment
