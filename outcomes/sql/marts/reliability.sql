-- One row per group of operations: success, retries, recovery, time between failures and availability, side by side.
-- Every operation counts by its own calls and its own watched time.
WITH sums AS (
    SELECT
        dimensions.dimension,
        CASE dimensions.dimension
            WHEN 'all' THEN 'all'
            WHEN 'environment' THEN operations.environment
            WHEN 'component' THEN operations.component
            WHEN 'repository' THEN operations.repository
            ELSE operations.operation
        END AS value,
        count(operations.operation) AS operations,
        CAST(sum(operations.calls) AS BIGINT) AS calls,
        CAST(sum(operations.failures) AS BIGINT) AS failures,
        CAST(sum(operations.retries) AS BIGINT) AS retries,
        CAST(sum(operations.timed_calls) AS BIGINT) AS timed_calls,
        exact_sum(operations.seconds) AS seconds,
        CAST(sum(operations.incidents) AS BIGINT) AS incidents,
        exact_sum(operations.observed_seconds) AS observed_seconds,
        exact_sum(operations.down_seconds) AS down_seconds
    FROM operations
    CROSS JOIN (
        VALUES ('all'), ('environment'), ('component'), ('repository'), ('operation')
    ) AS dimensions (dimension)
    GROUP BY 1, 2
)

SELECT
    sums.dimension,
    sums.value,
    sums.operations,
    sums.calls,
    sums.failures,
    sums.retries,
    sums.incidents,
    sums.observed_seconds,
    sums.down_seconds,
    1 - sums.failures / nullif(sums.calls, 0) AS success_rate,
    sums.failures / nullif(sums.calls, 0) AS failure_rate,
    sums.retries / nullif(sums.calls, 0) AS retry_rate,
    sums.seconds / nullif(sums.timed_calls, 0) AS mean_seconds,
    mttr.mean_seconds AS mttr_seconds,
    mttr.median_seconds AS median_recovery_seconds,
    coalesce(mttr.censored, 0) AS open_incidents,
    (sums.observed_seconds - sums.down_seconds) / nullif(sums.incidents, 0) AS mtbf_seconds,
    1 - sums.down_seconds / nullif(sums.observed_seconds, 0) AS availability
FROM sums
LEFT JOIN (
    FROM mttr WHERE dimension IN ('all', 'environment', 'component', 'repository', 'operation')
) AS mttr ON mttr.dimension = sums.dimension AND mttr.value IS NOT DISTINCT FROM sums.value
