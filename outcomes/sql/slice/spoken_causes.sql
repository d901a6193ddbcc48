-- Causes that labels spread to, of which there are failures in the slice.
FROM main.all_spoken_causes
WHERE fingerprint IN (SELECT fingerprint FROM failures)
