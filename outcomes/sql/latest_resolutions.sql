-- One row per resolved failure: what was reported last.
SELECT failure_id, success, resolved_at
FROM (
    SELECT
        failure_id, success, resolved_at,
        row_number() OVER (PARTITION BY failure_id ORDER BY resolved_at DESC, id DESC) AS place
    FROM resolutions
) AS reports
WHERE place = 1
