-- Decisions on failures of the slice, without documents. Old failures are asked for apart from new ones, so that few parts
-- of the table are looked at for the new ones.
SELECT
    failure_id, category, type, severity, retryable, confidence, abstained, suggested_action, strategy, priority,
    model_version, rules_revision
FROM main.decisions
WHERE failure_id IN (SELECT id FROM failures WHERE occurred_at >= slice_start())
UNION ALL
SELECT
    failure_id, category, type, severity, retryable, confidence, abstained, suggested_action, strategy, priority,
    model_version, rules_revision
FROM main.decisions
WHERE failure_id IN (SELECT id FROM failures WHERE occurred_at < slice_start())
