-- The next stored outcomes in order of time and id, each with its decision and its final result.
SELECT
    failures.*,
    decided.facts, decided.document, decided.trace,
    latest_resolutions.success
FROM failures
LEFT JOIN (
    SELECT failure_id, facts, document, trace,
        row_number() OVER (PARTITION BY failure_id ORDER BY id DESC) AS place
    FROM decisions
) AS decided ON decided.failure_id = failures.id AND decided.place = 1
LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
WHERE (failures.occurred_at, failures.id) > ($after_time, $after_id)
ORDER BY failures.occurred_at, failures.id
LIMIT $size
