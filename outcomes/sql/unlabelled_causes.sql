-- The newest failure of each fingerprint on which no opinion stands, newest first. Only what was recorded until the given
-- moment counts.
SELECT id, fingerprint
FROM (
    SELECT
        id, fingerprint, occurred_at,
        row_number() OVER (PARTITION BY fingerprint ORDER BY occurred_at DESC, id DESC) AS place
    FROM failures
    WHERE fingerprint IS NOT NULL AND coalesce(recorded_at, occurred_at) <= $until
) AS newest
WHERE place = 1 AND fingerprint NOT IN (
    SELECT failures.fingerprint
    FROM labels
    JOIN failures ON failures.id = labels.failure_id
    WHERE failures.fingerprint IS NOT NULL
        AND labels.id NOT IN (SELECT label_id FROM label_undos)
        AND coalesce(labels.recorded_at, labels.labelled_at) <= $until
)
ORDER BY occurred_at DESC, id DESC
LIMIT $size
