-- One row per failure of which it is known how its operation ended: by the last report, or by the first successful call
-- that it made necessary or that came later in its run. A report with the failure's own time does not say when, so a call
-- that does goes before it, as one after a report of failure does.
WITH later_calls AS (
    SELECT operation_id, operation, number, min(ended_at) AS ended_at
    FROM attempts
    WHERE success AND operation_id IS NOT NULL
    GROUP BY operation_id, operation, number
),

successes AS (
    SELECT failure_id, ended_at FROM attempts WHERE success AND failure_id IS NOT NULL
    UNION ALL
    SELECT failures.id, later_calls.ended_at
    FROM failures
    JOIN later_calls
        ON later_calls.operation_id = failures.operation_id
        AND later_calls.operation IS NOT DISTINCT FROM failures.operation
        AND later_calls.number > failures.attempt
),

first_successes AS (
    SELECT failure_id, min(ended_at) AS ended_at FROM successes GROUP BY failure_id
),

ends AS (
    SELECT
        failures.id AS failure_id,
        failures.occurred_at,
        latest_resolutions.success,
        latest_resolutions.resolved_at AS reported_at,
        first_successes.ended_at,
        coalesce(latest_resolutions.success AND latest_resolutions.resolved_at > failures.occurred_at, FALSE) AS timed
    FROM failures
    LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
    LEFT JOIN first_successes ON first_successes.failure_id = failures.id
    WHERE latest_resolutions.failure_id IS NOT NULL OR first_successes.failure_id IS NOT NULL
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
