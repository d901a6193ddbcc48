-- One row per decided type: its category.
SELECT type, max(category) AS category
FROM decisions
GROUP BY type
