-- One row per known call of an operation: every row of attempts, and every failure that no failed attempt stands for.
-- An attempt stands for a failure with its own id, or of the same operation, run and number.
WITH ended_in AS (
    SELECT attempts.id AS attempt_id, failures.id AS failure_id, failures.cancelled
    FROM attempts
    JOIN failures
        ON failures.operation_id = attempts.operation_id
        AND failures.attempt = attempts.number
        AND failures.operation IS NOT DISTINCT FROM attempts.operation
    WHERE NOT attempts.success
    UNION
    SELECT attempts.id, failures.id, failures.cancelled
    FROM attempts
    JOIN failures ON failures.id = attempts.id
    WHERE NOT attempts.success
)

SELECT
    attempts.id AS run_id,
    'attempt' AS known_by,
    attempts.operation,
    attempts.environment,
    attempts.component,
    attempts.repository,
    attempts.branch,
    attempts.job,
    attempts.commit_id,
    attempts.operation_id,
    attempts.number,
    attempts.started_at,
    attempts.ended_at,
    epoch(attempts.ended_at - attempts.started_at) AS seconds,
    attempts.success,
    attempts.number > 1 OR attempts.failure_id IS NOT NULL AS retry,
    attempts.unchanged,
    attempts.recovery,
    attempts.failure_id AS follows,
    results.failure_id,
    coalesce(results.cancelled, FALSE) AS cancelled,
    coalesce(attempts.source = 'import', FALSE) AS imported
FROM attempts
LEFT JOIN (
    SELECT attempt_id, min(failure_id) AS failure_id, bool_or(cancelled) AS cancelled FROM ended_in GROUP BY attempt_id
) AS results ON results.attempt_id = attempts.id
UNION ALL
SELECT
    id, 'failure', operation, environment, component, repository, branch, job, commit_id, operation_id, attempt,
    NULL, occurred_at, NULL, FALSE, attempt > 1, NULL, NULL, NULL, id, cancelled, coalesce(source = 'import', FALSE)
FROM failures
WHERE id NOT IN (SELECT failure_id FROM ended_in)
