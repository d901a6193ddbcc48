-- One row per failure, wide: the final and the decided answer, where it happened, and what came of it.
WITH runs_made AS (
    -- First calls change no highest number.
    SELECT operation_id, operation, max(number) AS attempts
    FROM (
        SELECT operation_id, operation, number FROM attempts WHERE number > 1
        UNION ALL
        SELECT operation_id, operation, attempt FROM failures WHERE attempt > 1
    ) AS calls
    WHERE operation_id IS NOT NULL
    GROUP BY operation_id, operation
),

escalated AS (
    SELECT DISTINCT failure_id FROM actions WHERE kind = 'escalate' AND result IN ('success', 'partial')
)

SELECT
    answered.failure_id,
    answered.occurred_at,
    date_trunc('hour', answered.occurred_at) AS hour,
    CAST(answered.occurred_at AS DATE) AS day,
    answered.fingerprint,
    answered.type,
    answered.category,
    answered.severity,
    answered.decided_type,
    answered.decided_category,
    answered.label_type,
    answered.label_source,
    answered.confidence,
    answered.abstained,
    answered.retryable,
    answered.strategy,
    answered.suggested_action,
    answered.priority,
    answered.model_version,
    answered.rules_revision,
    answered.environment,
    answered.component,
    answered.repository,
    answered.branch,
    answered.commit_id,
    answered.tool,
    answered.job,
    answered.operation,
    answered.operation_id,
    answered.effect,
    answered.exit_code,
    answered.attempt,
    greatest(answered.attempt, coalesce(runs_made.attempts, 1)) AS attempts,
    failure_ends.failure_id IS NOT NULL AS settled,
    coalesce(failure_ends.resolved, FALSE) AS resolved,
    CASE WHEN failure_ends.resolved THEN failure_ends.ended_at END AS resolved_at,
    failure_ends.seconds AS seconds_to_resolution,
    escalated.failure_id IS NOT NULL AS escalated,
    answered.cancelled,
    answered.imported
FROM answered_failures AS answered
LEFT JOIN failure_ends ON failure_ends.failure_id = answered.failure_id
LEFT JOIN escalated ON escalated.failure_id = answered.failure_id
LEFT JOIN runs_made
    ON runs_made.operation_id = answered.operation_id
    AND runs_made.operation IS NOT DISTINCT FROM answered.operation
