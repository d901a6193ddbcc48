-- Messages per day, channel, priority and what became of them.
SELECT
    CAST(created_at AS DATE) AS day,
    channel,
    priority,
    status,
    count(*) AS messages,
    count(DISTINCT failure_id) AS failures
FROM notifications
GROUP BY ALL
