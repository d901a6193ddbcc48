-- All opinions that nobody took back: on the failure itself and, where they spread, on the others with its fingerprint.
SELECT
    failure_id, id, type, source, weight, retryable, labelled_at, author, recorded_at, TRUE AS own
FROM labels
WHERE id NOT IN (SELECT label_id FROM label_undos)
UNION ALL
SELECT
    failures.id, labels.id, labels.type, labels.source, labels.weight, labels.retryable, labels.labelled_at,
    labels.author, labels.recorded_at, FALSE
FROM labels
JOIN failures AS spoken ON spoken.id = labels.failure_id
JOIN failures ON failures.fingerprint = spoken.fingerprint AND failures.id <> spoken.id
WHERE labels.spreads AND labels.id NOT IN (SELECT label_id FROM label_undos)
