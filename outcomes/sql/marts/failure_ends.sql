-- One row per failure of which it is known how its operation ended: by the last report, or by the first successful call
-- that it made necessary or that came later in its run. A report with the failure's own time does not say when, so a call
-- that does goes before it, as one after a report of failure does.
WITH successes AS (
    SELECT failure_id, ended_at FROM attempts WHERE success AND failure_id IS NOT NULL
    UNION ALL
    SELECT failures.id, attempts.ended_at
    FROM failures
    JOIN attempts
        ON attempts.operation_id = failures.operation_id
        AND attempts.operation IS NOT DISTINCT FROM failures.operation
        AND attempts.number > failures.attempt
    WHERE attempts.success
),

first_successes AS (
    SELECT failure_id, min(ended_at) AS ended_at FROM successes GROUP BY failure_id
),

known AS (
    SELECT
        coalesce(latest_resolutions.failure_id, first_successes.failure_id) AS failure_id,
        latest_resolutions.success,
        latest_resolutions.resolved_at AS reported_at,
        first_successes.ended_at
    FROM latest_resolutions
    FULL JOIN first_successes ON first_successes.failure_id = latest_resolutions.failure_id
),

ends AS (
    SELECT
        known.*,
        failures.occurred_at,
        coalesce(known.success AND known.reported_at > failures.occurred_at, FALSE) AS timed
    FROM known
    JOIN failures ON failures.id = known.failure_id
),

judged AS (
    SELECT *, NOT timed AND ended_at IS NOT NULL AND ended_at >= coalesce(reported_at, ended_at) AS by_call FROM ends
)

SELECT
    failure_id,
    CASE WHEN by_call THEN 'call' ELSE 'report' END AS known_by,
    by_call OR success AS resolved,
    CASE WHEN by_call THEN ended_at ELSE reported_at END AS ended_at,
    CASE WHEN by_call THEN epoch(ended_at - occurred_at) WHEN timed THEN epoch(reported_at - occurred_at) END AS seconds
FROM judged
