-- Unsettled places, each with the last moment before the slice at which a call or a report says that it worked.
WITH successes AS (
    SELECT operation, environment, component, repository, branch, ended_at AS moment
    FROM main.attempts
    WHERE success AND ended_at < slice_start() AND source IS DISTINCT FROM 'import'
        AND operation IN (SELECT operation FROM unsettled_places)
    UNION ALL
    SELECT
        failures.operation, failures.environment, failures.component, failures.repository, failures.branch,
        reports.resolved_at
    FROM main.latest_resolutions AS reports
    JOIN main.failures AS failures ON failures.id = reports.failure_id
    WHERE reports.success AND reports.resolved_at > failures.occurred_at AND reports.resolved_at < slice_start()
        AND failures.source IS DISTINCT FROM 'import'
        AND failures.operation IN (SELECT operation FROM unsettled_places)
)

SELECT places.*, coalesce(max(successes.moment), '-infinity'::TIMESTAMP) AS worked_at
FROM unsettled_places AS places
LEFT JOIN successes
    ON successes.operation = places.operation
    AND successes.environment IS NOT DISTINCT FROM places.environment
    AND successes.component IS NOT DISTINCT FROM places.component
    AND successes.repository IS NOT DISTINCT FROM places.repository
    AND successes.branch IS NOT DISTINCT FROM places.branch
GROUP BY ALL
