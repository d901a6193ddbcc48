-- One row per re-run that tells something, unchanged or after a recovery, with the failure that it followed: named by its
-- id, or the call before of the same run on the same commit, or the failure whose end was reported as that of a retry,
-- where no call tells of it.
WITH reruns AS (
    SELECT id, failure_id, recovery, success, ended_at, epoch(ended_at - started_at) AS seconds, 'named' AS known_by
    FROM attempts
    WHERE failure_id IS NOT NULL AND (unchanged OR recovery IS NOT NULL)
    UNION ALL
    SELECT
        attempts.id, max(before.id), any_value(attempts.recovery), any_value(attempts.success),
        any_value(attempts.ended_at), any_value(epoch(attempts.ended_at - attempts.started_at)), 'run'
    FROM attempts
    JOIN failures AS before
        ON before.operation_id = attempts.operation_id
        AND before.attempt = attempts.number - 1
        AND before.operation IS NOT DISTINCT FROM attempts.operation
    WHERE attempts.failure_id IS NULL
        AND (attempts.unchanged OR attempts.recovery IS NOT NULL)
        AND coalesce(before.commit_id, attempts.commit_id, '') = coalesce(attempts.commit_id, before.commit_id, '')
    GROUP BY attempts.id
    UNION ALL
    SELECT id, failure_id, NULL, success, resolved_at, NULL, 'report'
    FROM resolutions
    WHERE how = 'retry'
        AND failure_id NOT IN (SELECT failure_id FROM attempts WHERE failure_id IS NOT NULL AND unchanged)
    QUALIFY row_number() OVER (PARTITION BY failure_id ORDER BY resolved_at DESC, id DESC) = 1
)

SELECT
    reruns.id AS rerun_id,
    reruns.known_by,
    reruns.failure_id,
    reruns.ended_at,
    reruns.seconds,
    reruns.success,
    reruns.recovery,
    failure_types.fingerprint,
    failure_types.type,
    failure_types.category,
    failure_types.operation,
    failure_types.environment,
    failure_types.component,
    failure_types.repository,
    failure_types.tool
FROM reruns
JOIN failure_types ON failure_types.failure_id = reruns.failure_id
