-- One row per known call of an operation: every row of attempts, and every failure that no failed attempt stands for.
-- An attempt stands for a failure with its own id, or of the same operation, run and number.
WITH failed_attempts AS (
    SELECT id, operation_id, operation, number FROM attempts WHERE NOT success
),

-- Joined with what failed only: few calls fail, and fewer failures have a call.
failed_calls AS (
    SELECT failed_attempts.id AS run_id, min(failures.id) AS failure_id, bool_or(failures.cancelled) AS cancelled
    FROM failed_attempts
    JOIN failures
        ON failures.operation_id = failed_attempts.operation_id
        AND failures.attempt = failed_attempts.number
        AND failures.operation IS NOT DISTINCT FROM failed_attempts.operation
    GROUP BY failed_attempts.id
)

SELECT
    id AS run_id,
    'attempt' AS known_by,
    operation,
    environment,
    component,
    repository,
    branch,
    job,
    commit_id,
    operation_id,
    number,
    started_at,
    ended_at,
    epoch(ended_at - started_at) AS seconds,
    success,
    number > 1 OR failure_id IS NOT NULL AS retry,
    unchanged,
    recovery,
    failure_id AS follows,
    NULL AS failure_id,
    FALSE AS cancelled,
    coalesce(source = 'import', FALSE) AS imported
FROM attempts
WHERE success
UNION ALL
SELECT
    attempts.id, 'attempt', attempts.operation, attempts.environment, attempts.component, attempts.repository,
    attempts.branch, attempts.job, attempts.commit_id, attempts.operation_id, attempts.number, attempts.started_at,
    attempts.ended_at, epoch(attempts.ended_at - attempts.started_at), FALSE,
    attempts.number > 1 OR attempts.failure_id IS NOT NULL, attempts.unchanged, attempts.recovery, attempts.failure_id,
    coalesce(own.id, failed_calls.failure_id), coalesce(own.cancelled, failed_calls.cancelled, FALSE),
    coalesce(attempts.source = 'import', FALSE)
FROM attempts
LEFT JOIN failures AS own ON own.id = attempts.id
LEFT JOIN failed_calls ON failed_calls.run_id = attempts.id
WHERE NOT attempts.success
UNION ALL
SELECT
    failures.id, 'failure', failures.operation, failures.environment, failures.component, failures.repository,
    failures.branch, failures.job, failures.commit_id, failures.operation_id, failures.attempt, NULL,
    failures.occurred_at, NULL, FALSE, failures.attempt > 1, NULL, NULL, NULL, failures.id, failures.cancelled,
    coalesce(failures.source = 'import', FALSE)
FROM failures
ANTI JOIN failed_attempts AS calls
    ON calls.operation_id = failures.operation_id
    AND calls.number = failures.attempt
    AND calls.operation IS NOT DISTINCT FROM failures.operation
ANTI JOIN failed_attempts AS own ON own.id = failures.id
