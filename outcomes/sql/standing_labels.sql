-- All opinions that nobody took back: on the failure itself and, where they spread, on the others with its fingerprint.
SELECT failure_id, id, type, source, weight, retryable, labelled_at, author, recorded_at, own
FROM all_labels
WHERE undone_at IS NULL
