-- Earlier calls of the runs and failures of the slice. Old failures are asked for apart from new ones, so that few parts of
-- the tables are looked at for the new ones.
WITH runs AS (
    SELECT operation_id FROM touched_runs
    UNION
    SELECT operation_id FROM main.failures WHERE id IN (SELECT id FROM touched_failures) AND operation_id IS NOT NULL
)

SELECT id FROM main.attempts WHERE ended_at < slice_start() AND id IN (SELECT id FROM failures)
UNION
SELECT id FROM main.attempts WHERE ended_at < slice_start() AND failure_id IN (SELECT id FROM failures)
UNION
SELECT id FROM main.attempts WHERE ended_at < slice_start() AND id IN (SELECT id FROM touched_failures)
UNION
SELECT id FROM main.attempts WHERE ended_at < slice_start() AND failure_id IN (SELECT id FROM touched_failures)
UNION
SELECT id FROM main.attempts WHERE ended_at < slice_start() AND operation_id IN (SELECT operation_id FROM runs)
