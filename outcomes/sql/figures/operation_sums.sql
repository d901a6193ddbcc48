-- All operations together in a window: how long they were watched, how long of it they were down, how often that began.
SELECT
    CAST(coalesce(sum(incidents), 0) AS BIGINT) AS incidents,
    coalesce(exact_sum(observed_seconds), 0) AS observed_seconds,
    coalesce(exact_sum(down_seconds), 0) AS down_seconds,
    (exact_sum(observed_seconds) - exact_sum(down_seconds)) / nullif(sum(incidents), 0) AS mtbf_seconds,
    1 - exact_sum(down_seconds) / nullif(exact_sum(observed_seconds), 0) AS availability
FROM operations
WHERE in_places(environment, component, repository, operation)
