-- All opinions on the given outcomes, oldest first.
SELECT failure_id, type, source, weight, retryable, labelled_at
FROM labels
WHERE failure_id IN (SELECT unnest($ids))
ORDER BY labelled_at, id
