-- The newest failure of each fingerprint on which no opinion stands, newest first.
SELECT id, fingerprint
FROM (
    SELECT
        id, fingerprint, occurred_at,
        row_number() OVER (PARTITION BY fingerprint ORDER BY occurred_at DESC, id DESC) AS place
    FROM failures
    WHERE fingerprint IS NOT NULL
) AS newest
WHERE place = 1 AND fingerprint NOT IN (
    SELECT failures.fingerprint
    FROM labels
    JOIN failures ON failures.id = labels.failure_id
    WHERE failures.fingerprint IS NOT NULL AND labels.id NOT IN (SELECT label_id FROM label_undos)
)
ORDER BY occurred_at DESC, id DESC
LIMIT $size
