-- Whether a name is among those that a filter asks for; a filter that is not set asks for all.
CREATE MACRO is_wanted(value, names) AS names IS NULL OR coalesce(list_contains(names, value), FALSE)
