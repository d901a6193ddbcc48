-- One row per incident and group that it belongs to: all of them, and those of one type, environment and so on. The
-- session's filters choose the incidents.
SELECT
    dimensions.dimension,
    CASE dimensions.dimension
        WHEN 'all' THEN 'all'
        WHEN 'type' THEN incidents.type
        WHEN 'category' THEN incidents.category
        WHEN 'severity' THEN incidents.severity
        WHEN 'environment' THEN incidents.environment
        WHEN 'component' THEN incidents.component
        WHEN 'repository' THEN incidents.repository
        ELSE incidents.operation
    END AS value,
    incidents.opened_at,
    incidents.recovered,
    incidents.seconds
FROM incidents
CROSS JOIN (
    VALUES ('all'), ('type'), ('category'), ('severity'), ('environment'), ('component'), ('repository'), ('operation')
) AS dimensions (dimension)
WHERE in_places(incidents.environment, incidents.component, incidents.repository, incidents.operation)
    AND in_kinds(incidents.type, incidents.severity)
