-- Failures per hour, by what they are and where they happened; hours without any have no row.
SELECT
    date_trunc('hour', occurred_at) AS hour,
    type, category, severity, environment, component, repository, branch, tool,
    count(*) AS failures,
    count(*) FILTER (WHERE cancelled) AS cancelled,
    count(*) FILTER (WHERE imported) AS imported
FROM failure_types
GROUP BY ALL
