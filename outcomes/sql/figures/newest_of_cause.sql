-- The newest failure of a cause in a window.
SELECT id
FROM failures
WHERE fingerprint = $fingerprint AND in_window(occurred_at)
ORDER BY occurred_at DESC, id DESC
LIMIT 1
