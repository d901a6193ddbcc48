-- Runs of which something lies in the slice of time.
SELECT operation_id FROM failures WHERE operation_id IS NOT NULL
UNION
SELECT operation_id FROM attempts WHERE operation_id IS NOT NULL
