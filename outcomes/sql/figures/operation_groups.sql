-- Calls, incidents, watched time and down time of a window, in all and by environment, component and operation. Cancelled
-- and imported calls are left out.
SELECT
    CASE
        WHEN grouping(environment) = 0 THEN 'environment'
        WHEN grouping(component) = 0 THEN 'component'
        WHEN grouping(operation) = 0 THEN 'operation'
        ELSE 'all'
    END AS dimension,
    coalesce(environment, component, operation) AS value,
    CAST(coalesce(sum(calls), 0) AS BIGINT) AS calls,
    CAST(coalesce(sum(failures), 0) AS BIGINT) AS failures,
    CAST(coalesce(sum(retries), 0) AS BIGINT) AS retries,
    CAST(coalesce(sum(timed_calls), 0) AS BIGINT) AS timed_calls,
    coalesce(exact_sum(seconds), 0) AS seconds,
    CAST(coalesce(sum(incidents), 0) AS BIGINT) AS incidents,
    coalesce(exact_sum(observed_seconds), 0) AS observed_seconds,
    coalesce(exact_sum(down_seconds), 0) AS down_seconds
FROM operations
WHERE in_places(environment, component, repository, operation)
GROUP BY GROUPING SETS ((), (environment), (component), (operation))
ORDER BY dimension, value
