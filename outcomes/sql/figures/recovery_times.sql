-- Time to recovery of the incidents that opened in a window, in all and by type, environment, component and operation.
SELECT dimension, value, incidents, recovered, censored, untimed, mean_seconds, median_seconds, horizon_seconds
FROM mttr
WHERE dimension IN ('all', 'type', 'environment', 'component', 'operation')
ORDER BY dimension, value
