-- The causes that failed most often in a window, with their newest failure in it. First seen is when they ever were.
WITH causes AS (
    SELECT
        fingerprint, count(*) AS failures, max(occurred_at) AS last_seen, arg_max(failure_id, (occurred_at, failure_id)) AS id
    FROM failure_types
    WHERE fingerprint IS NOT NULL AND NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    GROUP BY fingerprint
    ORDER BY failures DESC, last_seen DESC, fingerprint
    LIMIT $size
)

SELECT
    causes.fingerprint, causes.failures, causes.last_seen, ever.first_seen,
    ever.first_seen >= window_start() AS is_new,
    failure_types.type, failure_types.severity, failure_types.operation, failure_types.tool,
    failures.text, latest_decisions.document
FROM causes
JOIN failure_types ON failure_types.failure_id = causes.id
JOIN failures ON failures.id = causes.id
LEFT JOIN latest_decisions ON latest_decisions.failure_id = causes.id
JOIN (
    SELECT fingerprint, min(occurred_at) AS first_seen
    FROM failures
    WHERE fingerprint IN (SELECT fingerprint FROM causes)
    GROUP BY fingerprint
) AS ever ON ever.fingerprint = causes.fingerprint
ORDER BY causes.failures DESC, causes.last_seen DESC, causes.fingerprint
