-- Messages of a window by what became of them and how urgent they were.
SELECT status, priority, count(*) AS messages
FROM notifications
WHERE in_window(created_at)
GROUP BY status, priority
ORDER BY status, priority
