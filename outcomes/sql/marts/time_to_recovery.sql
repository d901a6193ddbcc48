-- The Kaplan-Meier curve of each group: per time since the opening that any incident of it lasted, the share of incidents
-- that last longer. An open incident counts as at risk until it was last watched. Errors by Greenwood's formula.
WITH steps AS (
    SELECT
        dimension, value, seconds,
        count(*) FILTER (WHERE recovered) AS recovered,
        count(*) FILTER (WHERE NOT recovered) AS censored
    FROM incident_groups
    WHERE seconds IS NOT NULL AND in_window(opened_at)
    GROUP BY dimension, value, seconds
),

risks AS (
    SELECT
        *,
        CAST(sum(recovered + censored) OVER (
            PARTITION BY dimension, value ORDER BY seconds ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS BIGINT) AS at_risk
    FROM steps
),

curves AS (
    SELECT
        *,
        product(1 - recovered / at_risk) OVER before AS survival,
        sum(recovered / nullif(at_risk * (at_risk - recovered), 0)) OVER before AS hazard_variance
    FROM risks
    WINDOW before AS (PARTITION BY dimension, value ORDER BY seconds ROWS UNBOUNDED PRECEDING)
)

SELECT
    dimension, value, seconds, at_risk, recovered, censored, survival,
    CASE WHEN survival > 0 THEN survival * sqrt(hazard_variance) END AS standard_error
FROM curves
