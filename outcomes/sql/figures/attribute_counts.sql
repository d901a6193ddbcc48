-- Failures of a window by each of what they are and where they happened: the most frequent values of each, with how many
-- values there are.
WITH counts AS (
    SELECT
        CASE
            WHEN grouping(type) = 0 THEN 'type'
            WHEN grouping(category) = 0 THEN 'category'
            WHEN grouping(severity) = 0 THEN 'severity'
            WHEN grouping(environment) = 0 THEN 'environment'
            WHEN grouping(component) = 0 THEN 'component'
            WHEN grouping(tool) = 0 THEN 'tool'
            WHEN grouping(repository) = 0 THEN 'repository'
            ELSE 'branch'
        END AS dimension,
        coalesce(type, category, severity, environment, component, tool, repository, branch) AS value,
        count(*) AS failures
    FROM failure_types
    WHERE NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    GROUP BY GROUPING SETS (
        (type), (category), (severity), (environment), (component), (tool), (repository), (branch)
    )
)

SELECT dimension, value, failures, count(value) OVER (PARTITION BY dimension) AS known_values
FROM counts
QUALIFY row_number() OVER (PARTITION BY dimension ORDER BY failures DESC, value) <= $size
ORDER BY dimension, failures DESC, value
