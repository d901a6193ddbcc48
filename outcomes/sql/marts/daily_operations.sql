-- One row per operation in one place and day, with figures that add up over days and operations: any rate, availability
-- or MTBF of some days is the quotient of sums. Cancelled and imported calls are left out.
WITH figures AS (
    SELECT
        operation, environment, component, repository, branch,
        CAST(ended_at AS DATE) AS day,
        1 AS calls,
        CAST(NOT success AS BIGINT) AS failures,
        CAST(retry AS BIGINT) AS retries,
        CAST(seconds IS NOT NULL AS BIGINT) AS timed_calls,
        coalesce(seconds, 0) AS seconds,
        0 AS incidents,
        0.0 AS observed_seconds,
        0.0 AS down_seconds
    FROM runs
    WHERE NOT cancelled AND NOT imported
    UNION ALL
    SELECT
        operation, environment, component, repository, branch, day, 0, 0, 0, 0, 0, 0,
        seconds_in_day(observed_from, observed_until, day), 0
    FROM (SELECT *, unnest(days_between(observed_from, observed_until)) AS day FROM observed_operations) AS watched
    UNION ALL
    SELECT
        operation, environment, component, repository, branch, day, 0, 0, 0, 0, 0,
        CAST(day = CAST(opened_at AS DATE) AS BIGINT), 0, seconds_in_day(opened_at, known_until, day)
    FROM (SELECT *, unnest(days_between(opened_at, known_until)) AS day FROM incidents) AS down
)

SELECT
    day, operation, environment, component, repository, branch,
    CAST(sum(calls) AS BIGINT) AS calls,
    CAST(sum(failures) AS BIGINT) AS failures,
    CAST(sum(retries) AS BIGINT) AS retries,
    CAST(sum(timed_calls) AS BIGINT) AS timed_calls,
    exact_sum(seconds) AS seconds,
    CAST(sum(incidents) AS BIGINT) AS incidents,
    exact_sum(observed_seconds) AS observed_seconds,
    exact_sum(down_seconds) AS down_seconds,
    1 - sum(failures) / nullif(sum(calls), 0) AS success_rate,
    sum(failures) / nullif(sum(calls), 0) AS failure_rate,
    sum(retries) / nullif(sum(calls), 0) AS retry_rate
FROM figures
GROUP BY day, operation, environment, component, repository, branch
