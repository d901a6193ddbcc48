-- All reports of how failures ended.
SELECT id, failure_id, success, resolved_at, how
FROM main.resolutions
