-- Time to recovery by place, of the incidents that opened in a window.
SELECT value, incidents, recovered, censored, mean_seconds
FROM mttr
WHERE dimension = $dimension AND value IS NOT NULL AND is_wanted(value, $wanted::VARCHAR[])
ORDER BY incidents DESC, value
LIMIT $size
