-- One row per cause: how often, since when, and whether it is new, came back, goes on or has gone quiet. Now is the last
-- moment of which a failure or a call is known.
WITH sightings AS (
    SELECT
        failures.fingerprint, failures.id, failures.occurred_at,
        concat_ws(
            chr(10), failures.repository, failures.branch,
            coalesce(failures.job, failures.operation, failures.operation_id)
        ) AS job,
        lag(failures.occurred_at) OVER (PARTITION BY failures.fingerprint ORDER BY failures.occurred_at) AS seen_before
    FROM failures
    WHERE failures.fingerprint IS NOT NULL
),

causes AS (
    SELECT
        fingerprint,
        count(*) AS failures,
        min(occurred_at) AS first_seen,
        max(occurred_at) AS last_seen,
        count(DISTINCT nullif(job, '')) AS jobs,
        count(DISTINCT CAST(occurred_at AS DATE)) AS days_active,
        max(occurred_at) FILTER (WHERE occurred_at >= seen_before + INTERVAL 14 DAY) AS returned_at,
        arg_max(id, (occurred_at, id)) AS example
    FROM sightings
    GROUP BY fingerprint
),

reruns AS (
    SELECT fingerprint, count(*) AS retries, count(*) FILTER (WHERE success) AS retry_successes
    FROM retries
    WHERE recovery IS NULL
    GROUP BY fingerprint
)

SELECT
    causes.fingerprint,
    failure_types.type,
    failure_types.category,
    failure_types.tool,
    causes.failures,
    causes.jobs,
    causes.days_active,
    causes.first_seen,
    causes.last_seen,
    causes.returned_at,
    CASE
        WHEN causes.last_seen < newest.moment - INTERVAL 14 DAY THEN 'quiet'
        WHEN causes.first_seen >= newest.moment - INTERVAL 7 DAY THEN 'new'
        WHEN causes.returned_at >= newest.moment - INTERVAL 7 DAY THEN 'regressed'
        ELSE 'recurring'
    END AS state,
    coalesce(reruns.retries, 0) AS retries,
    coalesce(reruns.retry_successes, 0) AS retry_successes,
    causes.example AS example_failure_id
FROM causes
CROSS JOIN (
    SELECT greatest((SELECT max(occurred_at) FROM failures), (SELECT max(ended_at) FROM attempts)) AS moment
) AS newest
JOIN failure_types ON failure_types.failure_id = causes.example
LEFT JOIN reruns ON reruns.fingerprint = causes.fingerprint
