-- The next decided failures since a moment, in order of time and id, with what deciding them again needs. Of the decision's
-- document only what no column holds; nothing of one that is no JSON. The text only where it is asked for.
SELECT
    failures.id, failures.occurred_at, failures.fingerprint, failures.operation,
    CASE WHEN $with_text THEN failures.text END AS text,
    decisions.facts, decisions.type, decisions.severity, decisions.retryable, decisions.strategy, decisions.priority,
    decisions.rules_revision,
    TRY(json_extract(decisions.document, '$.plan')) AS plan,
    TRY(json_extract(decisions.document, '$.channels')) AS channels
FROM failures
JOIN decisions ON decisions.failure_id = failures.id
WHERE decisions.strategy IS NOT NULL
    AND failures.occurred_at >= $after_time
    AND (failures.occurred_at, failures.id) > ($after_time, $after_id)
ORDER BY failures.occurred_at, failures.id
LIMIT $size
