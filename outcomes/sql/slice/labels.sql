-- Labels of the failures of the slice.
SELECT * FROM main.labels WHERE failure_id IN (SELECT id FROM failures)
