-- Labels of failures of the slice, and those that spread.
SELECT *
FROM main.labels
WHERE spreads OR failure_id IN (SELECT id FROM failures)
