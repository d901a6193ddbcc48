-- By place, how long operations were watched in a window, and how long they were down.
SELECT
    value,
    exact_sum(observed_seconds) AS observed_seconds,
    exact_sum(down_seconds) AS down_seconds,
    CAST(sum(incidents) AS BIGINT) AS incidents
FROM (
    SELECT
        place_name($dimension, environment, component, repository, operation) AS value,
        observed_seconds, down_seconds, incidents
    FROM operations
) AS places
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY down_seconds DESC, observed_seconds DESC, value
LIMIT $size
