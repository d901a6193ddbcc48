-- The standing opinions on the given causes, told apart by type, source and author, strongest and latest first, each with
-- the number of failures for which it is the one that counts.
SELECT
    coalesce(failures.fingerprint, 'id:' || failures.id) AS cause,
    labels.type, labels.source, labels.author,
    max(labels.labelled_at) AS labelled_at,
    sum(coalesce(reaches.failures, 0)) AS failures
FROM labels
JOIN failures ON failures.id = labels.failure_id
JOIN label_sources ON label_sources.source = labels.source
LEFT JOIN (SELECT id, count(*) AS failures FROM effective_labels GROUP BY id) AS reaches ON reaches.id = labels.id
WHERE labels.id NOT IN (SELECT label_id FROM label_undos)
    AND coalesce(failures.fingerprint, 'id:' || failures.id) IN (SELECT unnest($causes))
GROUP BY 1, 2, 3, 4
ORDER BY 1, max(label_sources.weight) DESC, max(labels.labelled_at) DESC, max(labels.id) DESC
