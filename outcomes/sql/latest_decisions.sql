-- One row per decided failure: what was decided last.
SELECT failure_id, category, type, severity, retryable, confidence, abstained, document
FROM (
    SELECT
        failure_id, category, type, severity, retryable, confidence, abstained, document,
        row_number() OVER (PARTITION BY failure_id ORDER BY id DESC) AS place
    FROM decisions
    WHERE type IS NOT NULL
) AS decided
WHERE place = 1
