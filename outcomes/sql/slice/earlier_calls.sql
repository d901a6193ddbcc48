-- Calls in unsettled places since these last worked, before the slice.
SELECT attempts.id, attempts.operation_id
FROM main.attempts AS attempts
JOIN last_successes AS places
    ON places.operation = attempts.operation
    AND places.environment IS NOT DISTINCT FROM attempts.environment
    AND places.component IS NOT DISTINCT FROM attempts.component
    AND places.repository IS NOT DISTINCT FROM attempts.repository
    AND places.branch IS NOT DISTINCT FROM attempts.branch
WHERE attempts.ended_at < slice_start() AND attempts.ended_at >= places.worked_at
