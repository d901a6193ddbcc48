-- One row per failure with a label that spreads: its fingerprint.
SELECT id AS failure_id, fingerprint
FROM failures
WHERE id IN (SELECT failure_id FROM labels WHERE spreads)
