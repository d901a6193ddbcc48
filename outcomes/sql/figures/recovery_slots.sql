-- Time to recovery of the incidents that opened in a window, by slots of so many seconds, counted from its start: the area
-- under each slot's own Kaplan-Meier curve, as in the mart mttr. Slots without an incident of known length have no row.
WITH steps AS (
    SELECT
        CAST(floor(epoch(opened_at - window_start()) / $seconds) AS BIGINT) AS slot,
        seconds,
        count(*) FILTER (WHERE recovered) AS recovered,
        count(*) AS incidents
    FROM incident_groups
    WHERE dimension = 'all' AND in_window(opened_at) AND seconds IS NOT NULL
    GROUP BY slot, seconds
),

risks AS (
    SELECT
        *,
        sum(incidents) OVER (PARTITION BY slot ORDER BY seconds ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS at_risk,
        seconds - lag(seconds, 1, 0.0) OVER (PARTITION BY slot ORDER BY seconds) AS width
    FROM steps
),

pieces AS (
    SELECT
        *,
        width * coalesce(product(1 - recovered / at_risk) OVER (
            PARTITION BY slot ORDER BY seconds ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 1.0) AS area
    FROM risks
)

SELECT
    slot,
    CAST(sum(incidents) AS BIGINT) AS incidents,
    CAST(sum(recovered) AS BIGINT) AS recovered,
    exact_sum(area) AS mean_seconds
FROM pieces
GROUP BY slot
ORDER BY slot
