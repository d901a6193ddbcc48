-- Failures of a window, in all and by type, severity and environment: how many, and what came of them. Cancelled ones are
-- left out.
SELECT
    CASE
        WHEN grouping(type) = 0 THEN 'type'
        WHEN grouping(severity) = 0 THEN 'severity'
        WHEN grouping(environment) = 0 THEN 'environment'
        ELSE 'all'
    END AS dimension,
    coalesce(type, severity, environment) AS value,
    count(*) AS failures,
    count(DISTINCT fingerprint) AS causes,
    count(*) FILTER (WHERE resolved) AS resolved,
    count(*) FILTER (WHERE settled AND NOT resolved) AS given_up,
    count(*) FILTER (WHERE NOT settled) AS pending,
    count(*) FILTER (WHERE escalated) AS escalated,
    count(*) FILTER (WHERE imported) AS imported,
    count(*) FILTER (WHERE abstained IS NOT NULL) AS unsure,
    count(seconds_to_resolution) AS timed_resolutions,
    exact_mean(seconds_to_resolution) AS mean_resolution_seconds
FROM failure_facts
WHERE NOT cancelled AND in_window(occurred_at)
    AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
GROUP BY GROUPING SETS ((), (type), (severity), (environment))
ORDER BY dimension, failures DESC, value
