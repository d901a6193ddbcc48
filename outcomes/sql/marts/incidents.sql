-- One row per time that an operation in one place did not work: from the first failure after a success (or ever) to the
-- first success after it. At the same moment failures come first. Without a success it is open, and known to last until
-- the operation was last watched.
WITH events AS (
    SELECT
        *,
        lag(success, 1, TRUE) OVER (
            PARTITION BY operation, environment, component, repository, branch ORDER BY moment, success, id
        ) AS worked
    FROM operation_events
    WHERE operation IS NOT NULL
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (WHERE worked) OVER (
            PARTITION BY operation, environment, component, repository, branch ORDER BY moment, success, id
            ROWS UNBOUNDED PRECEDING
        ) AS number
    FROM events
    WHERE NOT (success AND worked)
),

spans AS (
    SELECT
        operation, environment, component, repository, branch, number,
        min(moment) AS opened_at,
        min(moment) FILTER (WHERE success) AS recovered_at,
        bool_and(timed) AS timed,
        count(*) FILTER (WHERE NOT success) AS failures,
        arg_min(failure_id, moment) FILTER (WHERE NOT success) AS failure_id
    FROM numbered
    GROUP BY operation, environment, component, repository, branch, number
)

SELECT
    spans.operation,
    spans.environment,
    spans.component,
    spans.repository,
    spans.branch,
    spans.opened_at,
    spans.recovered_at,
    coalesce(spans.recovered_at, observed_operations.observed_until) AS known_until,
    spans.recovered_at IS NOT NULL AS recovered,
    CASE
        WHEN spans.timed THEN epoch(coalesce(spans.recovered_at, observed_operations.observed_until) - spans.opened_at)
    END AS seconds,
    spans.failures,
    spans.failure_id,
    failure_types.fingerprint,
    failure_types.type,
    failure_types.category,
    failure_types.severity
FROM spans
JOIN observed_operations
    ON observed_operations.operation = spans.operation
    AND observed_operations.environment IS NOT DISTINCT FROM spans.environment
    AND observed_operations.component IS NOT DISTINCT FROM spans.component
    AND observed_operations.repository IS NOT DISTINCT FROM spans.repository
    AND observed_operations.branch IS NOT DISTINCT FROM spans.branch
LEFT JOIN failure_types ON failure_types.failure_id = spans.failure_id
