-- Places with incidents that were open at the end of a window. Those of operations that are no longer watched are not
-- among them.
SELECT value, count(*) AS incidents
FROM (
    SELECT place_name($dimension, environment, component, repository, operation) AS value
    FROM incidents
    CROSS JOIN (SELECT max(observed_until) AS last_known FROM observed_operations) AS store
    WHERE opened_at < window_end()
        AND known_until >= CASE WHEN recovered THEN window_end() ELSE least(last_known, window_end()) END
) AS places
WHERE value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
GROUP BY value
ORDER BY incidents DESC, value
LIMIT $size
