-- Incidents that were open at the end of a window, oldest first, each with how many there are in all. Those of operations
-- that are no longer watched are not among them.
SELECT
    operation, environment, component, opened_at, failures, type, severity,
    epoch(least(known_until, window_end()) - opened_at) AS seconds,
    count(*) OVER () AS total
FROM incidents
CROSS JOIN (SELECT max(observed_until) AS last_known FROM observed_operations) AS store
WHERE opened_at < window_end()
    AND known_until >= CASE WHEN recovered THEN window_end() ELSE least(last_known, window_end()) END
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
ORDER BY opened_at, operation, environment, component
LIMIT $size
