-- Time to recovery of the incidents that opened in a window.
SELECT incidents, recovered, censored, untimed, mean_seconds, median_seconds, horizon_seconds
FROM mttr
WHERE dimension = 'all'
