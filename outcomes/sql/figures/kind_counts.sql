-- Failures of a window by type and severity.
SELECT type, severity, count(*) AS failures
FROM failure_types
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY type, severity
ORDER BY failures DESC, type, severity
