-- The causes that cost most time in a window, then those with most failed calls, each with the newest failure of its calls.
WITH causes AS (
    SELECT
        fingerprint,
        arg_max(failure_id, (ended_at, failure_id)) AS id,
        count(*) FILTER (WHERE NOT success) AS failed_calls,
        exact_sum(CASE WHEN NOT success THEN seconds END) AS failed_seconds,
        count(*) FILTER (WHERE NOT success AND retry) AS failed_retries,
        exact_sum(CASE WHEN NOT success AND retry THEN seconds END) AS failed_retry_seconds,
        count(*) FILTER (WHERE success AND recovery IS NULL) AS helpful_retries,
        exact_sum(CASE WHEN success AND recovery IS NULL THEN seconds END) AS helpful_retry_seconds,
        count(*) FILTER (WHERE success AND recovery IS NOT NULL) AS helpful_recoveries,
        exact_sum(CASE WHEN success AND recovery IS NOT NULL THEN seconds END) AS helpful_recovery_seconds,
        count(*) FILTER (WHERE seconds IS NULL) AS untimed_calls
    FROM lost_calls
    WHERE fingerprint IS NOT NULL AND in_window(ended_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    GROUP BY fingerprint
    ORDER BY failed_seconds DESC NULLS LAST, failed_calls DESC, fingerprint
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
)

SELECT causes.*, failure_types.type, failure_types.operation, texts.text, documents.document
FROM causes
JOIN failure_types ON failure_types.failure_id = causes.id
JOIN texts ON texts.id = causes.id
LEFT JOIN documents ON documents.failure_id = causes.id
ORDER BY causes.failed_seconds DESC NULLS LAST, causes.failed_calls DESC, causes.fingerprint
