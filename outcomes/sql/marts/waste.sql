-- Time that calls took, per day and type: those that failed, and the re-runs among them that failed too or helped. A
-- call's type is that of the failure it ended in, otherwise of the failure that it followed.
SELECT
    CAST(ended_at AS DATE) AS day,
    type,
    count(*) FILTER (WHERE NOT success) AS failed_calls,
    coalesce(exact_sum(CASE WHEN NOT success THEN seconds END), 0) AS failed_seconds,
    count(*) FILTER (WHERE NOT success AND retry) AS failed_retries,
    coalesce(exact_sum(CASE WHEN NOT success AND retry THEN seconds END), 0) AS failed_retry_seconds,
    count(*) FILTER (WHERE success) AS saving_retries,
    coalesce(exact_sum(CASE WHEN success THEN seconds END), 0) AS saving_retry_seconds,
    count(*) FILTER (WHERE seconds IS NULL) AS untimed_calls
FROM lost_calls
GROUP BY ALL
