-- Whether something happened in one of the places that the session's filters ask for.
CREATE MACRO in_places(environment_name, component_name, repository_name, operation_name) AS
is_wanted(environment_name, getvariable('only_environment')::VARCHAR[])
AND is_wanted(component_name, getvariable('only_component')::VARCHAR[])
AND is_wanted(repository_name, getvariable('only_repository')::VARCHAR[])
AND is_wanted(operation_name, getvariable('only_operation')::VARCHAR[])
