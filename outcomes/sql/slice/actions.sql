-- What was done in the slice of time and about its failures, without details.
SELECT id, failure_id, kind, name, result, started_at, ended_at
FROM main.actions
WHERE ended_at >= slice_start()
UNION ALL
SELECT id, failure_id, kind, name, result, started_at, ended_at
FROM main.actions
WHERE ended_at < slice_start() AND failure_id IN (SELECT id FROM failures)
