-- The name by which what happened is told apart in a dimension; 'all' where nothing is told apart.
CREATE MACRO place_name(dimension, environment_name, component_name, repository_name, operation_name) AS
CASE dimension
    WHEN 'environment' THEN environment_name
    WHEN 'component' THEN component_name
    WHEN 'repository' THEN repository_name
    WHEN 'operation' THEN operation_name
    ELSE 'all'
END
