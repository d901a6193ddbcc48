-- Failures per day, by what they are and where they happened, and what came of them; days without any have no row.
SELECT
    day, type, category, severity, environment, component, repository, branch, tool,
    count(*) AS failures,
    count(*) FILTER (WHERE cancelled) AS cancelled,
    count(*) FILTER (WHERE imported) AS imported,
    count(*) FILTER (WHERE resolved) AS resolved,
    count(*) FILTER (WHERE settled AND NOT resolved) AS given_up,
    count(*) FILTER (WHERE NOT settled) AS pending,
    count(*) FILTER (WHERE escalated) AS escalated,
    count(*) FILTER (WHERE abstained IS NOT NULL) AS abstained,
    CAST(sum(attempts) AS BIGINT) AS attempts,
    count(seconds_to_resolution) AS timed_resolutions,
    coalesce(exact_sum(seconds_to_resolution), 0) AS resolution_seconds
FROM failure_facts
GROUP BY ALL
