-- The newest failures of a window, newest first, with what came of them.
WITH newest AS (
    SELECT *
    FROM failure_facts
    WHERE NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    ORDER BY occurred_at DESC, failure_id DESC
    LIMIT $size
),

texts AS (
    SELECT id, text FROM main.failures WHERE id IN (SELECT failure_id FROM newest)
),

documents AS (
    SELECT failure_id, arg_max(document, id) AS document
    FROM main.decisions
    WHERE type IS NOT NULL AND failure_id IN (SELECT failure_id FROM newest)
    GROUP BY failure_id
)

SELECT newest.*, texts.text, documents.document
FROM newest
JOIN texts ON texts.id = newest.failure_id
LEFT JOIN documents ON documents.failure_id = newest.failure_id
ORDER BY newest.occurred_at DESC, newest.failure_id DESC
