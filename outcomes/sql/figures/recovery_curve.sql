-- The Kaplan-Meier curve of the incidents that opened in a window: every so many-th step of it, so that there are about
-- as many as are asked for, and always the first and the last. Recovered and censored are counts since the row before.
SELECT
    seconds,
    at_risk,
    CAST(until_now - lag(until_now, 1, 0) OVER (ORDER BY seconds) AS BIGINT) AS recovered,
    CAST(lost_until_now - lag(lost_until_now, 1, 0) OVER (ORDER BY seconds) AS BIGINT) AS censored,
    survival,
    standard_error
FROM (
    SELECT
        *,
        sum(recovered) OVER (ORDER BY seconds) AS until_now,
        sum(censored) OVER (ORDER BY seconds) AS lost_until_now,
        row_number() OVER (ORDER BY seconds) AS number,
        count(*) OVER () AS steps
    FROM time_to_recovery
    WHERE dimension = 'all'
) AS curve
WHERE number IN (1, steps) OR number % CAST(ceil(steps / $size) AS BIGINT) = 0
ORDER BY seconds
