-- What was done about failures, per day, kind, name and result.
SELECT
    CAST(ended_at AS DATE) AS day,
    kind,
    name,
    result,
    count(*) AS actions,
    count(started_at) AS timed,
    coalesce(exact_sum(epoch(ended_at - started_at)), 0) AS seconds
FROM actions
GROUP BY ALL
