-- Decisions of a window: how many, how sure on average, how many in doubt, and how the re-runs that they planned ended.
SELECT
    count(*) AS decided,
    avg(decisions.confidence) AS confidence,
    count(decisions.abstained) AS abstained,
    sum(CASE WHEN decisions.strategy = 'retry' AND latest_resolutions.success IS NOT NULL THEN 1 ELSE 0 END) AS retried,
    sum(CASE WHEN decisions.strategy = 'retry' AND latest_resolutions.success THEN 1 ELSE 0 END) AS retried_well
FROM failures
JOIN decisions ON decisions.failure_id = failures.id
LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
WHERE failures.occurred_at >= $from_time AND failures.occurred_at < $to_time AND decisions.confidence IS NOT NULL
