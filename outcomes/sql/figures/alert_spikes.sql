-- Failures by place in the last $seconds of a window, and in the busiest of as many seconds that end a whole number of
-- days before it, in the window; cancelled and imported ones are left out.
WITH found AS (
    SELECT
        place_name($dimension, environment, component, repository, operation) AS value,
        CAST(floor(epoch(window_end() - occurred_at) / 86400) AS BIGINT) AS days_before,
        epoch(window_end() - occurred_at) AS age
    FROM failures
    WHERE NOT cancelled AND source IS DISTINCT FROM 'import' AND in_window(occurred_at)
)

SELECT
    value,
    coalesce(max(failures) FILTER (WHERE days_before = 0), 0) AS failures,
    coalesce(max(failures) FILTER (WHERE days_before > 0), 0) AS busiest
FROM (
    SELECT value, days_before, count(*) AS failures
    FROM found
    WHERE age - 86400 * days_before <= $seconds
    GROUP BY value, days_before
) AS days
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY failures DESC, value
LIMIT $size
