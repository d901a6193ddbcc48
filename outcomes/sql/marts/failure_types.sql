-- One row per failure, narrow: where it happened and what it is called in the end, the label that counts before the
-- decision.
SELECT
    failure_id,
    occurred_at,
    fingerprint,
    type,
    category,
    severity,
    decided_type,
    decided_category,
    label_type,
    label_source,
    operation,
    environment,
    component,
    repository,
    branch,
    tool,
    operation_id,
    attempt,
    cancelled,
    imported
FROM answered_failures
