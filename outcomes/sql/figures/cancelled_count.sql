-- Failures of a window that a person or a newer run stopped.
SELECT count(*) AS cancelled
FROM failure_types
WHERE cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
