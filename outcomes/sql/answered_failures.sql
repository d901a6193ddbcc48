-- One row per failure, with all that is known of it itself: where it happened, what was decided, and what it is called in
-- the end, the label that counts before the decision.
SELECT
    failures.id AS failure_id,
    failures.occurred_at,
    failures.fingerprint,
    coalesce(effective_labels.type, decisions.type) AS type,
    CASE
        WHEN coalesce(effective_labels.type = decisions.type, TRUE) AND decisions.category IS NOT NULL
            THEN decisions.category
        ELSE coalesce(type_categories.category, decided_categories.category)
    END AS category,
    decisions.severity,
    decisions.type AS decided_type,
    decisions.category AS decided_category,
    effective_labels.type AS label_type,
    effective_labels.source AS label_source,
    decisions.confidence,
    decisions.abstained,
    decisions.retryable,
    decisions.strategy,
    decisions.suggested_action,
    decisions.priority,
    decisions.model_version,
    decisions.rules_revision,
    failures.environment,
    failures.component,
    failures.repository,
    failures.branch,
    failures.commit_id,
    failures.tool,
    failures.job,
    failures.operation,
    failures.operation_id,
    failures.effect,
    failures.exit_code,
    failures.attempt,
    failures.cancelled,
    coalesce(failures.source = 'import', FALSE) AS imported
FROM failures
LEFT JOIN decisions ON decisions.failure_id = failures.id
LEFT JOIN effective_labels ON effective_labels.failure_id = failures.id
LEFT JOIN type_categories ON type_categories.type = effective_labels.type
LEFT JOIN decided_categories ON decided_categories.type = effective_labels.type
