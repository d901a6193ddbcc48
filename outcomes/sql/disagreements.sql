-- One row per cause on which standing opinions name several types, the most frequent cause first. Of what one author said
-- of one failure only the latest is an opinion: changing one's mind is no disagreement.
WITH opinions AS (
    SELECT
        labels.failure_id, labels.type,
        row_number() OVER (
            PARTITION BY labels.failure_id, labels.source, coalesce(labels.author, '')
            ORDER BY labels.labelled_at DESC, labels.id DESC
        ) AS place
    FROM labels
    WHERE labels.id NOT IN (SELECT label_id FROM label_undos)
),

disputed AS (
    SELECT coalesce(failures.fingerprint, 'id:' || failures.id) AS cause
    FROM opinions
    JOIN failures ON failures.id = opinions.failure_id
    WHERE opinions.place = 1
    GROUP BY 1
    HAVING count(DISTINCT opinions.type) > 1
)

SELECT
    disputed.cause,
    max(failures.fingerprint) AS fingerprint,
    arg_max(failures.id, (failures.occurred_at, failures.id)) AS id,
    count(*) AS failures
FROM disputed
JOIN failures ON coalesce(failures.fingerprint, 'id:' || failures.id) = disputed.cause
GROUP BY disputed.cause
ORDER BY failures DESC, disputed.cause
