-- One row per failure, wide: the final and the decided answer, where it happened, and what came of it.
WITH runs_made AS (
    SELECT operation_id, operation, max(number) AS attempts
    FROM (
        SELECT operation_id, operation, number FROM attempts
        UNION ALL
        SELECT operation_id, operation, attempt FROM failures
    ) AS calls
    WHERE operation_id IS NOT NULL
    GROUP BY operation_id, operation
),

escalated AS (
    SELECT DISTINCT failure_id FROM actions WHERE kind = 'escalate' AND result IN ('success', 'partial')
)

SELECT
    failure_types.failure_id,
    failure_types.occurred_at,
    date_trunc('hour', failure_types.occurred_at) AS hour,
    CAST(failure_types.occurred_at AS DATE) AS day,
    failure_types.fingerprint,
    failure_types.type,
    failure_types.category,
    failure_types.severity,
    failure_types.decided_type,
    failure_types.decided_category,
    failure_types.label_type,
    failure_types.label_source,
    decisions.confidence,
    decisions.abstained,
    decisions.retryable,
    decisions.strategy,
    decisions.suggested_action,
    decisions.priority,
    decisions.model_version,
    decisions.rules_revision,
    failure_types.environment,
    failure_types.component,
    failure_types.repository,
    failure_types.branch,
    failures.commit_id,
    failure_types.tool,
    failures.job,
    failure_types.operation,
    failure_types.operation_id,
    failures.effect,
    failures.exit_code,
    failure_types.attempt,
    greatest(failure_types.attempt, coalesce(runs_made.attempts, 1)) AS attempts,
    failure_ends.failure_id IS NOT NULL AS settled,
    coalesce(failure_ends.resolved, FALSE) AS resolved,
    CASE WHEN failure_ends.resolved THEN failure_ends.ended_at END AS resolved_at,
    failure_ends.seconds AS seconds_to_resolution,
    escalated.failure_id IS NOT NULL AS escalated,
    failure_types.cancelled,
    failure_types.imported
FROM failure_types
JOIN failures ON failures.id = failure_types.failure_id
LEFT JOIN decisions ON decisions.failure_id = failure_types.failure_id
LEFT JOIN failure_ends ON failure_ends.failure_id = failure_types.failure_id
LEFT JOIN escalated ON escalated.failure_id = failure_types.failure_id
LEFT JOIN runs_made
    ON runs_made.operation_id = failure_types.operation_id
    AND runs_made.operation IS NOT DISTINCT FROM failure_types.operation
