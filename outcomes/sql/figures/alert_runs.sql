-- How runs ended by place, a run being all calls of one operation_id: those that ended in the last $seconds of a window,
-- and as usual_... those that ended before. A call without an operation_id is a run of its own.
SELECT
    value,
    count(*) FILTER (WHERE fresh) AS runs,
    count(*) FILTER (WHERE fresh AND success) AS successes,
    count(*) FILTER (WHERE NOT fresh AND success) AS usual_successes
FROM (
    SELECT
        value,
        arg_max(success, (ended_at, number, run_id)) AS success,
        max(ended_at) >= window_end() - to_seconds($seconds) AS fresh
    FROM (
        SELECT
            *,
            place_name($dimension, environment, component, repository, operation) AS value,
            coalesce(operation_id, run_id) AS run
        FROM runs
        WHERE NOT cancelled AND NOT imported AND in_window(ended_at)
    ) AS calls
    WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
    GROUP BY value, operation, run
) AS ends
GROUP BY value
ORDER BY count(*) FILTER (WHERE fresh AND NOT success) DESC, runs DESC, value
LIMIT $size
