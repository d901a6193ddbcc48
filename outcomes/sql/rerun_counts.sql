-- Re-runs per cause and what they followed: unchanged ones, without a recovery, and those after each recovery recipe.
SELECT fingerprint, type, category, recovery, count(*) AS tries, count(*) FILTER (WHERE success) AS successes
FROM retries
GROUP BY fingerprint, type, category, recovery
ORDER BY fingerprint, type, category, recovery
