-- Failures of a window by what they are, what was decided and how they ended. Cancelled ones are left out.
SELECT
    type,
    category,
    severity,
    decided_category,
    strategy,
    CASE WHEN resolved THEN 'resolved' WHEN settled THEN 'given_up' ELSE 'pending' END AS ending,
    count(*) AS failures,
    count(*) FILTER (WHERE escalated) AS escalated,
    count(*) FILTER (WHERE abstained IS NOT NULL) AS unsure
FROM failure_facts
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY ALL
ORDER BY ALL
