-- Add what is new to the counts per group. Seconds are added as decimals, so that their order is of no matter.
INSERT INTO summaries
SELECT
    scope, name, sum(seen), min(occurred_at), max(occurred_at), sum(retries), sum(passed), sum(recovered),
    sum(CAST(seconds AS DECIMAL(38, 6)))
FROM (
    SELECT
        scopes.scope,
        CASE scopes.scope
            WHEN 'fingerprint' THEN news.fingerprint
            WHEN 'type' THEN news.type
            WHEN 'category' THEN news.category
            ELSE news.component
        END AS name,
        news.seen, news.occurred_at, news.retries, news.passed, news.recovered, news.seconds
    FROM (
        SELECT
            fingerprint, type, category, component, occurred_at,
            1 AS seen, 0 AS retries, 0 AS passed, 0 AS recovered, 0.0 AS seconds
        FROM fresh_sightings
        UNION ALL
        SELECT fingerprint, type, category, component, NULL, 0, 1, CASE WHEN success THEN 1 ELSE 0 END, 0, 0.0
        FROM fresh_reruns
        WHERE recovery IS NULL
        UNION ALL
        SELECT fingerprint, type, category, component, NULL, 0, 0, 0, 1, seconds
        FROM fresh_recoveries
    ) AS news
    CROSS JOIN (VALUES ('fingerprint'), ('type'), ('category'), ('component')) AS scopes (scope)
) AS named
WHERE name IS NOT NULL
GROUP BY scope, name
ON CONFLICT (scope, name) DO UPDATE SET
    seen = summaries.seen + excluded.seen,
    first_seen = least(summaries.first_seen, excluded.first_seen),
    last_seen = greatest(summaries.last_seen, excluded.last_seen),
    retries = summaries.retries + excluded.retries,
    retry_successes = summaries.retry_successes + excluded.retry_successes,
    recovered = summaries.recovered + excluded.recovered,
    recovery_seconds = CAST(summaries.recovery_seconds AS DECIMAL(38, 6)) + CAST(excluded.recovery_seconds AS DECIMAL(38, 6))
