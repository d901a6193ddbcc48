-- One row per group: how long it takes to recover, with open incidents counted for as long as they are known to last.
WITH pieces AS (
    SELECT
        dimension, value, seconds, survival,
        lag(survival, 1, 1.0) OVER earlier * (seconds - lag(seconds, 1, 0.0) OVER earlier) AS area
    FROM time_to_recovery
    WINDOW earlier AS (PARTITION BY dimension, value ORDER BY seconds)
),

curves AS (
    SELECT
        dimension, value,
        sum(area) AS mean_seconds,
        -- A product of fractions may end a hair above one half.
        min(seconds) FILTER (WHERE survival <= 0.5 + 1e-9) AS median_seconds,
        max(seconds) AS horizon_seconds
    FROM pieces
    GROUP BY dimension, value
),

counts AS (
    SELECT
        dimension, value,
        count(*) AS incidents,
        count(*) FILTER (WHERE recovered) AS recovered,
        count(*) FILTER (WHERE NOT recovered) AS censored,
        count(*) FILTER (WHERE seconds IS NULL) AS untimed
    FROM incident_groups
    WHERE in_window(opened_at)
    GROUP BY dimension, value
)

SELECT
    counts.*, curves.mean_seconds, curves.median_seconds, curves.horizon_seconds
FROM counts
LEFT JOIN curves ON curves.dimension = counts.dimension AND curves.value IS NOT DISTINCT FROM counts.value
