-- The newest failures of a window, newest first, with what came of them.
WITH newest AS (
    SELECT *
    FROM failure_facts
    WHERE NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    ORDER BY occurred_at DESC, failure_id DESC
    LIMIT $size
)

SELECT newest.*, failures.text, latest_decisions.document
FROM newest
JOIN failures ON failures.id = newest.failure_id
LEFT JOIN latest_decisions ON latest_decisions.failure_id = newest.failure_id
ORDER BY newest.occurred_at DESC, newest.failure_id DESC
