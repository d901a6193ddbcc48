-- One row per time that an operation in one place did not work: from the first failure after a success (or ever) to the
-- first success after it. At the same moment failures come first. Without a success it is open, and known to last until
-- the operation was last watched.
WITH places AS MATERIALIZED (
    -- Sorting by one number is quicker than by five names; it is drawn once for all uses below.
    SELECT *, row_number() OVER () AS place FROM observed_operations
),

events AS (
    SELECT
        places.place, events.moment, events.success, events.timed, events.failure_id, events.id,
        lag(events.success, 1, TRUE) OVER (
            PARTITION BY places.place ORDER BY events.moment, events.success, events.id
        ) AS worked
    FROM operation_events AS events
    JOIN places
        ON places.operation = events.operation
        AND places.environment IS NOT DISTINCT FROM events.environment
        AND places.component IS NOT DISTINCT FROM events.component
        AND places.repository IS NOT DISTINCT FROM events.repository
        AND places.branch IS NOT DISTINCT FROM events.branch
),

numbered AS (
    SELECT
        place, moment, success, timed, failure_id,
        count(*) FILTER (WHERE worked) OVER (
            PARTITION BY place ORDER BY moment, success, id ROWS UNBOUNDED PRECEDING
        ) AS number
    FROM events
    WHERE NOT (success AND worked)
),

spans AS (
    SELECT
        place,
        min(moment) AS opened_at,
        min(moment) FILTER (WHERE success) AS recovered_at,
        bool_and(timed) AS timed,
        count(*) FILTER (WHERE NOT success) AS failures,
        arg_min(failure_id, moment) FILTER (WHERE NOT success) AS failure_id
    FROM numbered
    GROUP BY place, number
)

SELECT
    places.operation,
    places.environment,
    places.component,
    places.repository,
    places.branch,
    spans.opened_at,
    spans.recovered_at,
    coalesce(spans.recovered_at, places.observed_until) AS known_until,
    spans.recovered_at IS NOT NULL AS recovered,
    CASE WHEN spans.timed THEN epoch(coalesce(spans.recovered_at, places.observed_until) - spans.opened_at) END AS seconds,
    spans.failures,
    spans.failure_id,
    failure_types.fingerprint,
    failure_types.type,
    failure_types.category,
    failure_types.severity
FROM spans
JOIN places ON places.place = spans.place
LEFT JOIN failure_types ON failure_types.failure_id = spans.failure_id
