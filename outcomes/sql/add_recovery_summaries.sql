-- Add what is new to the counts per group and recovery.
INSERT INTO recovery_summaries
SELECT scope, name, recovery, count(*), sum(CASE WHEN success THEN 1 ELSE 0 END)
FROM (
    SELECT
        scopes.scope,
        CASE scopes.scope
            WHEN 'fingerprint' THEN fresh_reruns.fingerprint
            WHEN 'type' THEN fresh_reruns.type
            WHEN 'category' THEN fresh_reruns.category
            ELSE fresh_reruns.component
        END AS name,
        fresh_reruns.recovery, fresh_reruns.success
    FROM fresh_reruns
    CROSS JOIN (VALUES ('fingerprint'), ('type'), ('category'), ('component')) AS scopes (scope)
    WHERE fresh_reruns.recovery IS NOT NULL
) AS named
WHERE name IS NOT NULL
GROUP BY scope, name, recovery
ON CONFLICT (scope, name, recovery) DO UPDATE SET
    tries = recovery_summaries.tries + excluded.tries,
    successes = recovery_summaries.successes + excluded.successes
