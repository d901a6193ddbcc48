-- All failures, without their texts.
SELECT
    id, occurred_at, fingerprint, tool, exit_code, environment, operation, effect, attempt, operation_id, component,
    repository, branch, commit_id, job, phase, source, cancelled
FROM main.failures
