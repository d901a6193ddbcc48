-- One row per new re-run that tells something, unchanged or after a recovery, with the failure that it followed: named by
-- its id, or the call before of the same run on the same commit, or the failure whose end was reported with ``how``,
-- where no call tells of it.
CREATE TEMPORARY TABLE fresh_reruns AS
SELECT
    failures.fingerprint, failures.component, decisions.type, decisions.category,
    reruns.recovery, reruns.success
FROM (
    SELECT failure_id, recovery, success
    FROM fresh_attempts
    WHERE failure_id IS NOT NULL AND (unchanged OR recovery IS NOT NULL)
    UNION ALL
    SELECT before.id, fresh_attempts.recovery, fresh_attempts.success
    FROM fresh_attempts
    JOIN failures AS before
        ON before.operation_id = fresh_attempts.operation_id
        AND before.attempt = fresh_attempts.number - 1
        AND coalesce(before.operation, '') = coalesce(fresh_attempts.operation, '')
    WHERE fresh_attempts.failure_id IS NULL
        AND (fresh_attempts.unchanged OR fresh_attempts.recovery IS NOT NULL)
        AND coalesce(before.commit_id, fresh_attempts.commit_id, '')
        = coalesce(fresh_attempts.commit_id, before.commit_id, '')
    UNION ALL
    SELECT failure_id, NULL, success
    FROM (
        SELECT
            failure_id, success,
            row_number() OVER (PARTITION BY failure_id ORDER BY resolved_at DESC, id DESC) AS place
        FROM fresh_resolutions
        WHERE how = 'retry'
    ) AS reports
    WHERE place = 1
        AND NOT EXISTS (
            SELECT 1 FROM attempts WHERE attempts.failure_id = reports.failure_id AND attempts.unchanged
        )
        AND NOT EXISTS (
            SELECT 1
            FROM resolutions AS earlier
            WHERE earlier.failure_id = reports.failure_id AND earlier.how = 'retry'
                AND earlier.id NOT IN (SELECT id FROM fresh_resolutions)
        )
) AS reruns
JOIN failures ON failures.id = reruns.failure_id
LEFT JOIN decisions ON decisions.failure_id = failures.id
