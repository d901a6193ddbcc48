-- Which of the given opinions are stored, those taken back included.
SELECT id
FROM labels
WHERE id IN (SELECT unnest($ids))
