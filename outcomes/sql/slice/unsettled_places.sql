-- Places of which the slice does not tell whether they worked when its window began, or, where openings are asked for, when
-- the slice begins: what happened there before is needed too. It may be a place too many.
WITH happenings AS (
    SELECT
        operation, environment, component, repository, branch, ended_at AS moment, success,
        -- A failed call may turn out to be cancelled.
        success AS sure
    FROM attempts
    WHERE ended_at >= slice_start() AND source IS DISTINCT FROM 'import'
    UNION ALL
    SELECT
        operation, environment, component, repository, branch, occurred_at, FALSE,
        -- A failed call may stand for it, at another time.
        NOT cancelled
        AND id NOT IN (SELECT id FROM attempts WHERE NOT success)
        AND coalesce(
            operation_id NOT IN (SELECT operation_id FROM attempts WHERE NOT success AND operation_id IS NOT NULL), TRUE
        )
    FROM failures
    WHERE occurred_at >= slice_start() AND source IS DISTINCT FROM 'import'
    UNION ALL
    SELECT
        failures.operation, failures.environment, failures.component, failures.repository, failures.branch,
        resolutions.resolved_at, TRUE, FALSE
    FROM resolutions
    JOIN failures ON failures.id = resolutions.failure_id
    WHERE resolutions.success AND resolutions.resolved_at >= slice_start()
)

SELECT operation, environment, component, repository, branch
FROM happenings
WHERE operation IS NOT NULL
GROUP BY operation, environment, component, repository, branch
HAVING NOT coalesce(min(moment) FILTER (WHERE sure) < slice_since(), FALSE)
    OR getvariable('slice_openings')
    AND coalesce(min(moment) FILTER (WHERE NOT success) <= min(moment) FILTER (WHERE success AND sure), TRUE)
