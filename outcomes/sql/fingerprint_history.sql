-- Counts for one fingerprint. Imported rows were no attempts of an operation that runs here, so they neither add to
-- the failed attempts nor reset them; operations without a name count as one.
WITH last_success AS (
    SELECT max(latest_resolutions.resolved_at) AS moment
    FROM latest_resolutions
    JOIN failures ON failures.id = latest_resolutions.failure_id
    WHERE latest_resolutions.success
        AND failures.operation IS NOT DISTINCT FROM $operation
        AND failures.source IS DISTINCT FROM 'import'
),

cases AS (
    SELECT
        failures.occurred_at,
        latest_resolutions.success,
        EXISTS (
            SELECT 1 FROM decisions WHERE decisions.failure_id = failures.id AND decisions.strategy = 'retry'
        ) AND latest_resolutions.success IS NOT NULL AS retried,
        failures.operation IS NOT DISTINCT FROM $operation
        AND failures.source IS DISTINCT FROM 'import'
        AND latest_resolutions.success IS DISTINCT FROM TRUE
        AND failures.occurred_at > $since
        AND failures.occurred_at > coalesce((SELECT moment FROM last_success), $since) AS failed_attempt
    FROM failures
    LEFT JOIN latest_resolutions ON latest_resolutions.failure_id = failures.id
    WHERE failures.fingerprint = $fingerprint
)

SELECT
    count(*),
    count(*) FILTER (WHERE failed_attempt),
    count(*) FILTER (WHERE retried),
    count(*) FILTER (WHERE retried AND success),
    min(occurred_at),
    max(occurred_at)
FROM cases
