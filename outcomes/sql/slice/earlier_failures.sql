-- Failures in unsettled places that happened, or were reported on, since these last worked and before the slice.
WITH reports AS (
    SELECT failure_id, max(resolved_at) AS resolved_at
    FROM main.resolutions
    WHERE resolved_at < slice_start() AND resolved_at >= (SELECT min(worked_at) FROM last_successes)
    GROUP BY failure_id
)

SELECT failures.id, failures.operation_id
FROM main.failures AS failures
JOIN last_successes AS places
    ON places.operation = failures.operation
    AND places.environment IS NOT DISTINCT FROM failures.environment
    AND places.component IS NOT DISTINCT FROM failures.component
    AND places.repository IS NOT DISTINCT FROM failures.repository
    AND places.branch IS NOT DISTINCT FROM failures.branch
LEFT JOIN reports ON reports.failure_id = failures.id
WHERE failures.occurred_at < slice_start()
    AND greatest(failures.occurred_at, reports.resolved_at) >= places.worked_at
