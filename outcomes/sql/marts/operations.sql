-- One row per operation in one place: its calls and incidents, how long it was watched and how long it was down. What
-- lies across the edge of since..until counts for the part inside. Cancelled and imported calls are left out. Calls of no
-- operation count as calls, but nothing is watched.
WITH figures AS (
    SELECT
        operation, environment, component, repository, branch,
        1 AS calls,
        CAST(NOT success AS BIGINT) AS failures,
        CAST(retry AS BIGINT) AS retries,
        CAST(seconds IS NOT NULL AS BIGINT) AS timed_calls,
        coalesce(seconds, 0) AS seconds,
        0 AS incidents,
        0.0 AS observed_seconds,
        0.0 AS down_seconds
    FROM runs
    WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
    UNION ALL
    SELECT
        operation, environment, component, repository, branch, 0, 0, 0, 0, 0, 0,
        seconds_in_window(observed_from, observed_until), 0
    FROM observed_operations
    WHERE seconds_in_window(observed_from, observed_until) > 0
    UNION ALL
    SELECT
        operation, environment, component, repository, branch, 0, 0, 0, 0, 0,
        CAST(in_window(opened_at) AS BIGINT), 0, seconds_in_window(opened_at, known_until)
    FROM incidents
    WHERE in_window(opened_at) OR seconds_in_window(opened_at, known_until) > 0
),

sums AS (
    SELECT
        operation, environment, component, repository, branch,
        CAST(sum(calls) AS BIGINT) AS calls,
        CAST(sum(failures) AS BIGINT) AS failures,
        CAST(sum(retries) AS BIGINT) AS retries,
        CAST(sum(timed_calls) AS BIGINT) AS timed_calls,
        exact_sum(seconds) AS seconds,
        CAST(sum(incidents) AS BIGINT) AS incidents,
        exact_sum(observed_seconds) AS observed_seconds,
        exact_sum(down_seconds) AS down_seconds
    FROM figures
    GROUP BY operation, environment, component, repository, branch
)

SELECT
    *,
    1 - failures / nullif(calls, 0) AS success_rate,
    failures / nullif(calls, 0) AS failure_rate,
    retries / nullif(calls, 0) AS retry_rate,
    seconds / nullif(timed_calls, 0) AS mean_seconds,
    1 - down_seconds / nullif(observed_seconds, 0) AS availability,
    (observed_seconds - down_seconds) / nullif(incidents, 0) AS mtbf_seconds
FROM sums
