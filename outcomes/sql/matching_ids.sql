-- The outcome with this id; without one, those whose id begins with it.
SELECT id
FROM failures
WHERE id = $given OR (length($given) >= $shortest AND starts_with(id, $given))
ORDER BY (CASE WHEN id = $given THEN 0 ELSE 1 END), id
LIMIT $size
