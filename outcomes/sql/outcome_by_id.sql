-- The outcome with this id, or the one that this decision was made for; of several the newest.
SELECT
    failures.*,
    decisions.facts, decisions.document, decisions.trace,
    latest_resolutions.success
FROM failures
LEFT JOIN decisions ON decisions.failure_id = failures.id
LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
WHERE failures.id = $id OR decisions.decision_id = $id
ORDER BY failures.id = $id DESC, failures.occurred_at DESC, failures.id
LIMIT 1
