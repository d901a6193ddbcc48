-- Each fingerprint of a window: how often it failed in it, and whether it had failed before the window.
SELECT
    inside.fingerprint,
    count(*) AS outcomes,
    max(CASE WHEN earlier.fingerprint IS NULL THEN 0 ELSE 1 END) AS seen
FROM failures AS inside
LEFT JOIN (
    SELECT DISTINCT fingerprint FROM failures WHERE occurred_at < $from_time
) AS earlier ON earlier.fingerprint = inside.fingerprint
WHERE inside.occurred_at >= $from_time AND inside.occurred_at < $to_time AND inside.fingerprint IS NOT NULL
GROUP BY inside.fingerprint
ORDER BY inside.fingerprint
