-- Unchanged re-runs of a window by the type of the failure that they followed, with Wilson's interval of 95 %.
SELECT type, category, failures, retries, successes, success_rate, low, high, mean_seconds
FROM retry_worth
ORDER BY retries DESC, type
