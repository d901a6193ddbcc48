-- Whether a failure is of the types and severities that the session's filters ask for.
CREATE MACRO in_kinds(type_name, severity_name) AS
is_wanted(type_name, getvariable('only_type')::VARCHAR[])
AND is_wanted(severity_name, getvariable('only_severity')::VARCHAR[])
