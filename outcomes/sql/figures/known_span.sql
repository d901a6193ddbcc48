-- The first and the last moment of which the store knows a failure or a call.
SELECT min(moment) AS known_from, max(moment) AS known_until
FROM (
    SELECT min(occurred_at) AS moment FROM main.failures
    UNION ALL
    SELECT max(occurred_at) FROM main.failures
    UNION ALL
    SELECT min(ended_at) FROM main.attempts
    UNION ALL
    SELECT max(ended_at) FROM main.attempts
) AS ends
