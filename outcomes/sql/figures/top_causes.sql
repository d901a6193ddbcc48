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
),

texts AS (
    SELECT id, text FROM main.failures WHERE id IN (SELECT id FROM causes)
),

documents AS (
    SELECT failure_id, arg_max(document, id) AS document
    FROM main.decisions
    WHERE type IS NOT NULL AND failure_id IN (SELECT id FROM causes)
    GROUP BY failure_id
),

ever AS (
    SELECT fingerprint, min(occurred_at) AS first_seen
    FROM main.failures
    WHERE fingerprint IN (SELECT fingerprint FROM causes)
    GROUP BY fingerprint
)

SELECT
    causes.fingerprint, causes.failures, causes.last_seen, ever.first_seen,
    ever.first_seen >= window_start() AS is_new,
    failure_types.type, failure_types.severity, failure_types.operation, failure_types.tool,
    texts.text, documents.document
FROM causes
JOIN failure_types ON failure_types.failure_id = causes.id
JOIN texts ON texts.id = causes.id
LEFT JOIN documents ON documents.failure_id = causes.id
JOIN ever ON ever.fingerprint = causes.fingerprint
ORDER BY causes.failures DESC, causes.last_seen DESC, causes.fingerprint
