-- How many failures a window has; cancelled ones are left out.
SELECT count(*) AS failures
FROM failure_types
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
