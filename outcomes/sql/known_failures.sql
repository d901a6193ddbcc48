-- Which of the given failures are stored.
SELECT id
FROM failures
WHERE id IN (SELECT unnest($ids))
