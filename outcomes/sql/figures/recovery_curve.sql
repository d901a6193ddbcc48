-- The Kaplan-Meier curve of the incidents that opened in a window: every so many-th step of it, so that there are about
-- as many as are asked for, and always the first and the last.
SELECT seconds, at_risk, recovered, censored, survival, standard_error
FROM (
    SELECT *, row_number() OVER (ORDER BY seconds) AS number, count(*) OVER () AS steps
    FROM time_to_recovery
    WHERE dimension = 'all'
) AS curve
WHERE number IN (1, steps) OR number % CAST(ceil(steps / $size) AS BIGINT) = 0
ORDER BY seconds
