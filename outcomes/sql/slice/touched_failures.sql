-- Earlier failures that something in the slice of time belongs to.
WITH named AS (
    SELECT failure_id AS id FROM attempts WHERE failure_id IS NOT NULL
    UNION
    SELECT id FROM attempts WHERE NOT success
    UNION
    SELECT failure_id FROM main.resolutions WHERE resolved_at >= slice_start()
    UNION
    SELECT failure_id FROM main.actions WHERE ended_at >= slice_start() AND failure_id IS NOT NULL
    EXCEPT
    SELECT id FROM failures
)

SELECT id
FROM main.failures
WHERE id IN (SELECT id FROM named)
UNION
SELECT id
FROM main.failures
WHERE occurred_at < slice_start() AND operation_id IN (SELECT operation_id FROM touched_runs)
