-- What recovery curves are made of, in one pass: one row per group and time that any incident of it lasted, and one
-- without a time for those of which it is only known that they recovered. Errors by Greenwood's formula.
WITH steps AS (
    SELECT
        dimension, value, seconds,
        count(*) FILTER (WHERE recovered) AS recovered,
        count(*) FILTER (WHERE NOT recovered) AS censored
    FROM incident_groups
    WHERE in_window(opened_at)
    GROUP BY dimension, value, seconds
),

risks AS (
    SELECT
        *,
        CAST(sum(recovered + censored) OVER (
            PARTITION BY dimension, value, seconds IS NULL
            ORDER BY seconds ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS BIGINT) AS at_risk
    FROM steps
),

curves AS (
    SELECT
        *,
        product(1 - recovered / at_risk) OVER before AS survival,
        sum(recovered / nullif(at_risk * (at_risk - recovered), 0)) OVER before AS hazard_variance
    FROM risks
    WINDOW before AS (PARTITION BY dimension, value, seconds IS NULL ORDER BY seconds ROWS UNBOUNDED PRECEDING)
)

SELECT
    dimension,
    value,
    seconds,
    recovered,
    censored,
    CASE WHEN seconds IS NOT NULL THEN at_risk END AS at_risk,
    CASE WHEN seconds IS NOT NULL THEN survival END AS survival,
    CASE WHEN seconds IS NOT NULL AND survival > 0 THEN survival * sqrt(hazard_variance) END AS standard_error
FROM curves
