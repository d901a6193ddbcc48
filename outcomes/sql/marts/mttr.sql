-- One row per group: how long it takes to recover, with open incidents counted for as long as they are known to last.
WITH pieces AS (
    SELECT
        *,
        lag(survival, 1, 1.0) OVER earlier * (seconds - lag(seconds, 1, 0.0) OVER earlier) AS area
    FROM recovery_steps
    WINDOW earlier AS (PARTITION BY dimension, value, seconds IS NULL ORDER BY seconds)
)

SELECT
    dimension,
    value,
    CAST(sum(recovered + censored) AS BIGINT) AS incidents,
    CAST(sum(recovered) AS BIGINT) AS recovered,
    CAST(sum(censored) AS BIGINT) AS censored,
    CAST(coalesce(sum(recovered) FILTER (WHERE seconds IS NULL), 0) AS BIGINT) AS untimed,
    exact_sum(area) AS mean_seconds,
    -- A product of fractions may end a hair above one half.
    min(seconds) FILTER (WHERE survival <= 0.5 + 1e-9) AS median_seconds,
    max(seconds) AS horizon_seconds
FROM pieces
GROUP BY dimension, value
