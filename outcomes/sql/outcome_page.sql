-- The next stored outcomes in order of time and id, each with its decision and its final result.
SELECT
    failures.*,
    decided.facts, decided.document,
    latest_resolutions.success
FROM failures
LEFT JOIN (
    SELECT failure_id, arg_max(facts, id) AS facts, arg_max(document, id) AS document FROM decisions GROUP BY failure_id
) AS decided ON decided.failure_id = failures.id
LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
WHERE (failures.occurred_at, failures.id) > ($after_time, $after_id)
ORDER BY failures.occurred_at, failures.id
LIMIT $size
