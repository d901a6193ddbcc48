-- The next stored outcomes in order of time and id, each with its decision and its final result.
SELECT
    failures.*,
    decisions.facts, decisions.document, decisions.trace,
    latest_resolutions.success
FROM failures
LEFT JOIN decisions ON decisions.failure_id = failures.id
LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
WHERE (failures.occurred_at, failures.id) > ($after_time, $after_id)
ORDER BY failures.occurred_at, failures.id
LIMIT $size
