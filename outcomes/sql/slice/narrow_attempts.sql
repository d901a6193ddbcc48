-- All calls.
SELECT
    id, failure_id, operation, operation_id, number, success, unchanged, recovery, started_at, ended_at, environment,
    component, repository, branch, commit_id, job, source
FROM main.attempts
