-- What the given failures looked like, in order of id.
SELECT id, fingerprint, text, tool
FROM failures
WHERE id IN (SELECT unnest($ids))
ORDER BY id
