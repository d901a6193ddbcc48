-- Calls of operations in a window; cancelled and imported ones are left out.
SELECT count(*) AS calls, count(*) FILTER (WHERE success) AS successes
FROM runs
WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
    AND in_places(environment, component, repository, operation)
