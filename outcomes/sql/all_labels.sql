-- All opinions: on the failure itself and, where they spread, on the others with its fingerprint; with when each was
-- taken back, if it was.
SELECT said.*, undone.undone_at
FROM (
    SELECT
        failure_id, id, type, source, weight, retryable, labelled_at, author, recorded_at, TRUE AS own
    FROM labels
    UNION ALL
    SELECT
        failures.id, labels.id, labels.type, labels.source, labels.weight, labels.retryable, labels.labelled_at,
        labels.author, labels.recorded_at, FALSE
    FROM labels
    JOIN spoken_causes AS spoken ON spoken.failure_id = labels.failure_id
    JOIN failures ON failures.fingerprint = spoken.fingerprint AND failures.id <> spoken.failure_id
    WHERE labels.spreads
) AS said
LEFT JOIN (
    SELECT label_id, min(coalesce(recorded_at, undone_at)) AS undone_at FROM label_undos GROUP BY label_id
) AS undone ON undone.label_id = said.id
