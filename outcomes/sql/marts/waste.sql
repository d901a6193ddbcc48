-- Time that calls took, per day and type: those that failed, and the re-runs among them that failed too or helped. A
-- call's type is that of the failure it ended in, otherwise of the failure that it followed.
SELECT
    CAST(runs.ended_at AS DATE) AS day,
    coalesce(result.type, followed.type) AS type,
    count(*) FILTER (WHERE NOT runs.success) AS failed_calls,
    coalesce(sum(runs.seconds) FILTER (WHERE NOT runs.success), 0) AS failed_seconds,
    count(*) FILTER (WHERE NOT runs.success AND runs.retry) AS failed_retries,
    coalesce(sum(runs.seconds) FILTER (WHERE NOT runs.success AND runs.retry), 0) AS failed_retry_seconds,
    count(*) FILTER (WHERE runs.success) AS saving_retries,
    coalesce(sum(runs.seconds) FILTER (WHERE runs.success), 0) AS saving_retry_seconds,
    count(*) FILTER (WHERE runs.seconds IS NULL) AS untimed_calls
FROM runs
LEFT JOIN failure_types AS result ON result.failure_id = runs.failure_id
LEFT JOIN retries ON retries.rerun_id = runs.run_id AND retries.known_by <> 'report'
LEFT JOIN failure_types AS followed ON followed.failure_id = coalesce(retries.failure_id, runs.follows)
WHERE NOT runs.cancelled AND (NOT runs.success OR runs.retry)
GROUP BY ALL
