-- All opinions on one outcome, those taken back included, oldest first: on itself and, where they spread, on others with its
-- fingerprint. ``counts`` marks the one that counts.
SELECT
    labels.id, labels.failure_id, labels.type, labels.source, labels.weight, labels.retryable, labels.labelled_at,
    labels.author, coalesce(labels.spreads, FALSE) AS spreads,
    undos.undone_at, undos.author AS undone_by,
    labels.id IN (SELECT id FROM effective_labels WHERE failure_id = $id) AS counts
FROM labels
LEFT JOIN (
    SELECT label_id, min(undone_at) AS undone_at, arg_min(author, undone_at) AS author FROM label_undos GROUP BY label_id
) AS undos ON undos.label_id = labels.id
WHERE labels.failure_id = $id OR (labels.spreads AND labels.failure_id IN (
    SELECT others.id
    FROM failures AS asked
    JOIN failures AS others ON others.fingerprint = asked.fingerprint
    WHERE asked.id = $id
))
ORDER BY labels.labelled_at, labels.id
