-- All opinions on the given outcomes that nobody took back, oldest first.
SELECT labels.*
FROM labels
WHERE labels.failure_id IN (SELECT unnest($ids)) AND labels.id NOT IN (SELECT label_id FROM label_undos)
ORDER BY labels.labelled_at, labels.id
