-- One row per thing that tells whether an operation worked at a moment: its calls, and reports that it succeeded in the
-- end. Cancelled calls tell nothing; imported rows have no successes beside them, so they would look like one long
-- outage. A report with the failure's own time says that the operation recovered, but not when.
SELECT
    operation, environment, component, repository, branch,
    ended_at AS moment, success, TRUE AS timed, failure_id, run_id AS id
FROM runs
WHERE NOT cancelled AND NOT imported
UNION ALL
SELECT
    failures.operation, failures.environment, failures.component, failures.repository, failures.branch,
    latest_resolutions.resolved_at, TRUE, latest_resolutions.resolved_at > failures.occurred_at, NULL, failures.id
FROM latest_resolutions
JOIN failures ON failures.id = latest_resolutions.failure_id
WHERE latest_resolutions.success AND failures.source IS DISTINCT FROM 'import'
