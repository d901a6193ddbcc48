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
    failure_ends.ended_at, TRUE, failure_ends.seconds IS NOT NULL, NULL, failures.id
FROM failure_ends
JOIN failures ON failures.id = failure_ends.failure_id
WHERE failure_ends.resolved AND failure_ends.known_by = 'report' AND failures.source IS DISTINCT FROM 'import'
