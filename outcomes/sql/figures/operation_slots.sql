-- Calls, incidents, watched time and down time of a window by slots of so many seconds, counted from its start. Spans are
-- cut at the edges of slots; slots of which nothing is known have no row. Cancelled and imported calls are left out.
WITH spans AS (
    SELECT
        watched,
        epoch(greatest(opening, window_start()) - window_start()) AS opening,
        epoch(least(ending, window_end()) - window_start()) AS ending
    FROM (
        SELECT TRUE AS watched, observed_from AS opening, observed_until AS ending
        FROM observed_operations
        WHERE in_places(environment, component, repository, operation)
        UNION ALL
        SELECT FALSE, opened_at, known_until
        FROM incidents
        WHERE in_places(environment, component, repository, operation)
    ) AS known
    WHERE seconds_in_window(opening, ending) > 0
),

pieces AS (
    SELECT watched, slot, least(ending, (slot + 1) * $seconds) - greatest(opening, slot * $seconds) AS seconds
    FROM (
        SELECT
            *,
            unnest(generate_series(
                CAST(floor(opening / $seconds) AS BIGINT), CAST(ceil(ending / $seconds) AS BIGINT) - 1
            )) AS slot
        FROM spans
    ) AS touched
),

figures AS (
    SELECT
        CAST(floor(epoch(ended_at - window_start()) / $seconds) AS BIGINT) AS slot,
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
        AND in_places(environment, component, repository, operation)
    UNION ALL
    SELECT CAST(floor(epoch(opened_at - window_start()) / $seconds) AS BIGINT), 0, 0, 0, 0, 0, 1, 0, 0
    FROM incidents
    WHERE in_window(opened_at) AND in_places(environment, component, repository, operation)
    UNION ALL
    SELECT
        slot, 0, 0, 0, 0, 0, 0,
        CASE WHEN watched THEN seconds ELSE 0 END,
        CASE WHEN watched THEN 0 ELSE seconds END
    FROM pieces
)

SELECT
    slot,
    CAST(sum(calls) AS BIGINT) AS calls,
    CAST(sum(failures) AS BIGINT) AS failures,
    CAST(sum(retries) AS BIGINT) AS retries,
    CAST(sum(timed_calls) AS BIGINT) AS timed_calls,
    exact_sum(seconds) AS seconds,
    CAST(sum(incidents) AS BIGINT) AS incidents,
    exact_sum(observed_seconds) AS observed_seconds,
    exact_sum(down_seconds) AS down_seconds
FROM figures
GROUP BY slot
ORDER BY slot
