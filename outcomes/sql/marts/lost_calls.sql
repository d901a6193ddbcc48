-- One row per call that failed, and per re-run that succeeded unchanged or after a recovery, with its cause. A call's cause is that of the failure that
-- it ended in, otherwise of the failure that it followed.
SELECT
    runs.run_id,
    runs.ended_at,
    runs.seconds,
    runs.success,
    runs.retry,
    coalesce(runs.recovery, retries.recovery) AS recovery,
    coalesce(result.failure_id, followed.failure_id) AS failure_id,
    coalesce(result.fingerprint, followed.fingerprint) AS fingerprint,
    coalesce(result.type, followed.type) AS type,
    coalesce(result.severity, followed.severity) AS severity,
    runs.operation,
    runs.environment,
    runs.component,
    runs.repository
FROM runs
LEFT JOIN failure_types AS result ON result.failure_id = runs.failure_id
LEFT JOIN retries ON retries.rerun_id = runs.run_id AND retries.known_by <> 'report'
LEFT JOIN failure_types AS followed ON followed.failure_id = coalesce(retries.failure_id, runs.follows)
WHERE NOT runs.cancelled
    AND (NOT runs.success OR (runs.retry AND (runs.unchanged OR coalesce(runs.recovery, retries.recovery) IS NOT NULL)))
