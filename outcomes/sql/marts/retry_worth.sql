-- One row per type: how often an unchanged re-run succeeded, with Wilson's interval of 95 %.
WITH counts AS (
    SELECT
        type,
        any_value(category) AS category,
        count(*) AS retries,
        count(*) FILTER (WHERE success) AS successes,
        count(DISTINCT failure_id) AS failures,
        exact_mean(seconds) AS mean_seconds,
        1.959964 AS z
    FROM retries
    WHERE recovery IS NULL AND in_window(ended_at)
    GROUP BY type
)

SELECT
    type, category, failures, retries, successes,
    successes / retries AS success_rate,
    (successes + z * z / 2 - z * sqrt(successes * (retries - successes) / retries + z * z / 4)) / (retries + z * z) AS low,
    (successes + z * z / 2 + z * sqrt(successes * (retries - successes) / retries + z * z / 4)) / (retries + z * z) AS high,
    mean_seconds
FROM counts
