-- The groups whose counts the new rows change.
CREATE TEMPORARY TABLE touched_groups AS
SELECT DISTINCT scopes.scope, CASE scopes.scope
    WHEN 'fingerprint' THEN news.fingerprint WHEN 'type' THEN news.type
    WHEN 'category' THEN news.category ELSE news.component END AS name
FROM (
    SELECT fingerprint, type, category, component FROM fresh_sightings
    UNION ALL SELECT fingerprint, type, category, component FROM fresh_reruns
    UNION ALL SELECT fingerprint, type, category, component FROM fresh_recoveries
) AS news
CROSS JOIN (VALUES ('fingerprint'), ('type'), ('category'), ('component')) AS scopes (scope)
