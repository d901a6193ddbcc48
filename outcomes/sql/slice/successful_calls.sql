-- Places that are still looked for, each with the last moment of a span at which a call says that it worked.
SELECT
    places.operation, places.environment, places.component, places.repository, places.branch,
    max(attempts.ended_at) AS worked_at
FROM main.attempts AS attempts
JOIN sought_places AS places
    ON places.operation = attempts.operation
    AND places.environment IS NOT DISTINCT FROM attempts.environment
    AND places.component IS NOT DISTINCT FROM attempts.component
    AND places.repository IS NOT DISTINCT FROM attempts.repository
    AND places.branch IS NOT DISTINCT FROM attempts.branch
WHERE attempts.success AND attempts.source IS DISTINCT FROM 'import'
    AND attempts.ended_at >= $since AND attempts.ended_at < $until
GROUP BY ALL
