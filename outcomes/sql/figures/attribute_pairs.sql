-- Pairs of what failures of a window are and where they happened: how often both came together, and each at all. Only the
-- most frequent values of each are looked at, and only failures of which both are known.
WITH counts AS (
    SELECT type, severity, environment, component, operation, count(*) AS failures
    FROM failure_types
    WHERE NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    GROUP BY ALL
),

pairs AS (
    SELECT 'type_environment' AS kind, type AS value, environment AS other_value, sum(failures) AS together
    FROM counts
    GROUP BY ALL
    UNION ALL
    SELECT 'severity_component', severity, component, sum(failures) FROM counts GROUP BY ALL
    UNION ALL
    SELECT 'type_operation', type, operation, sum(failures) FROM counts GROUP BY ALL
),

sums AS (
    SELECT
        kind, value, other_value, together,
        sum(together) OVER (PARTITION BY kind, value) AS seen,
        sum(together) OVER (PARTITION BY kind, other_value) AS other_seen,
        sum(together) OVER (PARTITION BY kind) AS failures
    FROM pairs
    WHERE value IS NOT NULL AND other_value IS NOT NULL
),

ranked AS (
    SELECT
        *,
        dense_rank() OVER (PARTITION BY kind ORDER BY seen DESC, value) AS place,
        dense_rank() OVER (PARTITION BY kind ORDER BY other_seen DESC, other_value) AS other_place
    FROM sums
)

SELECT
    kind,
    value,
    other_value,
    CAST(together AS BIGINT) AS together,
    CAST(seen AS BIGINT) AS seen,
    CAST(other_seen AS BIGINT) AS other_seen,
    CAST(failures AS BIGINT) AS failures
FROM ranked
WHERE place <= $size AND other_place <= $size
ORDER BY kind, together DESC, value, other_value
