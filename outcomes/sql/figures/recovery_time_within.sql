-- Mean time to recovery up to a horizon in seconds: two windows compare only up to the same one.
SELECT exact_sum(survived * (least(seconds, $horizon) - least(before, $horizon))) AS mean_seconds
FROM (
    SELECT
        seconds,
        lag(survival, 1, 1.0) OVER earlier AS survived,
        lag(seconds, 1, 0.0) OVER earlier AS before
    FROM recovery_steps
    WHERE dimension = 'all' AND seconds IS NOT NULL
    WINDOW earlier AS (ORDER BY seconds)
) AS pieces
