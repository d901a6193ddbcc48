-- One row per unchanged re-run, with the failure that it followed: linked as in fresh_reruns.sql. A re-run that failed of
-- another cause says nothing of this one and is left out; an end reported as reached by retrying counts where no attempt
-- tells of it, so that one re-run is not counted twice.
WITH linked AS (
    SELECT failure_id, operation, operation_id, number, success, recorded_at
    FROM attempts
    WHERE failure_id IS NOT NULL AND unchanged AND recovery IS NULL
    UNION ALL
    SELECT
        before.id, attempts.operation, attempts.operation_id, attempts.number, attempts.success, attempts.recorded_at
    FROM attempts
    JOIN failures AS before
        ON before.operation_id = attempts.operation_id
        AND before.attempt = attempts.number - 1
        AND coalesce(before.operation, '') = coalesce(attempts.operation, '')
    WHERE attempts.failure_id IS NULL AND attempts.unchanged AND attempts.recovery IS NULL
        AND coalesce(before.commit_id, attempts.commit_id, '') = coalesce(attempts.commit_id, before.commit_id, '')
)

SELECT linked.failure_id, linked.success, linked.recorded_at
FROM linked
JOIN failures ON failures.id = linked.failure_id
WHERE linked.success OR NOT EXISTS (
    SELECT 1
    FROM failures AS after
    WHERE after.operation_id = linked.operation_id
        AND after.attempt = linked.number
        AND coalesce(after.operation, '') = coalesce(linked.operation, '')
        AND after.fingerprint <> failures.fingerprint
)
UNION ALL
SELECT failure_id, success, recorded_at
FROM (
    SELECT
        failure_id, success, recorded_at,
        row_number() OVER (PARTITION BY failure_id ORDER BY resolved_at DESC, id DESC) AS place
    FROM resolutions
    WHERE how = 'retry'
) AS reports
WHERE place = 1
    AND failure_id IN (SELECT id FROM failures)
    AND failure_id NOT IN (SELECT failure_id FROM linked)
