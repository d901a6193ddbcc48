-- One row per failure reported as over with success for the first time, with how long it took.
CREATE TEMPORARY TABLE fresh_recoveries AS
SELECT
    failures.fingerprint, failures.component, failures.operation, failures.source,
    decisions.type, decisions.category, ended.resolved_at,
    extract(epoch FROM ended.resolved_at - failures.occurred_at) AS seconds
FROM (
    SELECT failure_id, min(resolved_at) AS resolved_at FROM fresh_resolutions WHERE success GROUP BY failure_id
) AS ended
JOIN failures ON failures.id = ended.failure_id
LEFT JOIN decisions ON decisions.failure_id = failures.id
WHERE NOT EXISTS (
    SELECT 1
    FROM resolutions AS earlier
    LEFT JOIN fresh_resolutions AS fresh ON fresh.id = earlier.id
    WHERE earlier.failure_id = ended.failure_id AND earlier.success AND fresh.id IS NULL
)
