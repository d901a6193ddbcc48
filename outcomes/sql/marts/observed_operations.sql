-- One row per operation in one place, with the time in which it was watched: from the first that is known of it until the
-- last that is known of anything, at most 14 days after the last that is known of it. A deleted branch ends so.
SELECT
    operation, environment, component, repository, branch,
    min(moment) AS observed_from,
    least(max(moment) + INTERVAL 14 DAY, max(max(moment)) OVER ()) AS observed_until
FROM operation_events
GROUP BY operation, environment, component, repository, branch
QUALIFY operation IS NOT NULL
