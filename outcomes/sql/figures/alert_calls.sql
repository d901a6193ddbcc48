-- Calls by place: those of the last $seconds of a window, and as usual_... those of the window before; cancelled and
-- imported ones are left out.
SELECT
    value,
    count(*) FILTER (WHERE fresh) AS calls,
    count(*) FILTER (WHERE fresh AND success) AS successes,
    count(*) FILTER (WHERE NOT fresh) AS usual_calls,
    count(*) FILTER (WHERE NOT fresh AND success) AS usual_successes
FROM (
    SELECT
        place_name($dimension, environment, component, repository, operation) AS value,
        success,
        ended_at >= window_end() - to_seconds($seconds) AS fresh
    FROM runs
    WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
) AS calls
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY count(*) FILTER (WHERE fresh AND NOT success) DESC, count(*) FILTER (WHERE fresh) DESC, value
LIMIT $size
