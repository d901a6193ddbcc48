-- One row per known call of an operation: every row of attempts, and every failure that no failed attempt stands for.
-- An attempt stands for a failure with its own id, or of the same operation, run and number.
WITH failed_calls AS (
    SELECT operation_id, operation, attempt, min(id) AS failure_id, bool_or(cancelled) AS cancelled
    FROM failures
    WHERE operation_id IS NOT NULL
    GROUP BY operation_id, operation, attempt
),

failed_attempts AS (
    SELECT DISTINCT operation_id, operation, number FROM attempts WHERE NOT success AND operation_id IS NOT NULL
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
    coalesce(own.id, failed_calls.failure_id) AS failure_id,
    coalesce(own.cancelled, failed_calls.cancelled, FALSE) AS cancelled,
    coalesce(attempts.source = 'import', FALSE) AS imported
FROM attempts
-- A condition on one side alone would have every row compared with every other: it is part of a key instead.
LEFT JOIN failures AS own ON own.id = CASE WHEN NOT attempts.success THEN attempts.id END
LEFT JOIN failed_calls
    ON failed_calls.operation_id = CASE WHEN NOT attempts.success THEN attempts.operation_id END
    AND failed_calls.attempt = attempts.number
    AND failed_calls.operation IS NOT DISTINCT FROM attempts.operation
UNION ALL
SELECT
    failures.id, 'failure', failures.operation, failures.environment, failures.component, failures.repository,
    failures.branch, failures.job, failures.commit_id, failures.operation_id, failures.attempt, NULL,
    failures.occurred_at, NULL, FALSE, failures.attempt > 1, NULL, NULL, NULL, failures.id, failures.cancelled,
    coalesce(failures.source = 'import', FALSE)
FROM failures
ANTI JOIN failed_attempts
    ON failed_attempts.operation_id = failures.operation_id
    AND failed_attempts.number = failures.attempt
    AND failed_attempts.operation IS NOT DISTINCT FROM failures.operation
WHERE failures.id NOT IN (SELECT id FROM attempts WHERE NOT success)
