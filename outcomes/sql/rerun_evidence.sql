-- One row per fingerprint that has unchanged re-runs and no standing label stronger than what they say, with what its
-- newest decided failure was decided to be. Only what was recorded until the given moment counts.
WITH cases AS (
    SELECT
        failures.id, failures.fingerprint, failures.text, failures.tool, failures.occurred_at,
        latest_decisions.type, latest_decisions.abstained
    FROM failures
    JOIN latest_decisions ON latest_decisions.failure_id = failures.id
    WHERE failures.fingerprint IS NOT NULL AND coalesce(failures.recorded_at, failures.occurred_at) <= $until
),

reruns AS (
    SELECT failures.fingerprint, count(*) AS tries, sum(CASE WHEN unchanged_reruns.success THEN 1 ELSE 0 END) AS passed
    FROM unchanged_reruns
    JOIN failures ON failures.id = unchanged_reruns.failure_id
    WHERE coalesce(unchanged_reruns.recorded_at, failures.occurred_at) <= $until
    GROUP BY failures.fingerprint
),

labelled AS (
    SELECT failures.fingerprint
    FROM labels
    JOIN failures ON failures.id = labels.failure_id
    WHERE labels.source <> 'weak'
        AND labels.id NOT IN (SELECT label_id FROM label_undos)
        AND coalesce(labels.recorded_at, labels.labelled_at) <= $until
        AND failures.fingerprint IS NOT NULL
)

SELECT newest.fingerprint, newest.text, newest.tool, newest.type, newest.abstained, reruns.tries, reruns.passed
FROM (
    SELECT *, row_number() OVER (PARTITION BY fingerprint ORDER BY occurred_at DESC, id DESC) AS place FROM cases
) AS newest
JOIN reruns ON reruns.fingerprint = newest.fingerprint
WHERE newest.place = 1 AND newest.fingerprint NOT IN (SELECT fingerprint FROM labelled)
ORDER BY newest.fingerprint
