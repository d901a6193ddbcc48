-- Causes of a window per type: what was decided, otherwise what the case was labelled as. A cause is a fingerprint or,
-- without one, the text itself: one failure that comes back a hundred times is no shift.
SELECT type, count(DISTINCT cause) AS causes
FROM (
    SELECT
        coalesce(failures.fingerprint, failures.text) AS cause,
        coalesce(decided.type, effective_labels.type) AS type
    FROM failures
    LEFT JOIN (SELECT failure_id, max(type) AS type FROM decisions GROUP BY failure_id) AS decided
        ON decided.failure_id = failures.id
    LEFT JOIN effective_labels ON effective_labels.failure_id = failures.id
    WHERE failures.occurred_at >= $from_time AND failures.occurred_at < $to_time
) AS typed
WHERE type IS NOT NULL
GROUP BY type
ORDER BY type
