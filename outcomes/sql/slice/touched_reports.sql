-- Earlier reports on failures of the slice.
SELECT id
FROM main.resolutions
WHERE resolved_at < slice_start() AND failure_id IN (SELECT id FROM failures)
