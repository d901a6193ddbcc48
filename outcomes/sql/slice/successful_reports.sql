-- Places that are still looked for, each with the last moment of a span at which a report, the last on its failure, says
-- that it worked.
SELECT
    places.operation, places.environment, places.component, places.repository, places.branch,
    max(reports.resolved_at) AS worked_at
FROM main.resolutions AS reports
JOIN main.failures AS failures ON failures.id = reports.failure_id
JOIN sought_places AS places
    ON places.operation = failures.operation
    AND places.environment IS NOT DISTINCT FROM failures.environment
    AND places.component IS NOT DISTINCT FROM failures.component
    AND places.repository IS NOT DISTINCT FROM failures.repository
    AND places.branch IS NOT DISTINCT FROM failures.branch
ANTI JOIN main.resolutions AS later
    ON later.failure_id = reports.failure_id AND (later.resolved_at, later.id) > (reports.resolved_at, reports.id)
WHERE reports.success AND reports.resolved_at >= $since AND reports.resolved_at < $until
    AND reports.resolved_at > failures.occurred_at AND failures.source IS DISTINCT FROM 'import'
GROUP BY ALL
