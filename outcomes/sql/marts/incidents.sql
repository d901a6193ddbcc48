-- One row per time that an operation in one place did not work: from the first failure after a success (or ever) to the
-- first success after it. At the same moment failures come first. Without a success it is open, and known to last until
-- the operation was last watched.
WITH places AS MATERIALIZED (
    -- Sorting by one number is quicker than by five names; it is drawn once for all uses below.
    SELECT *, row_number() OVER () AS place FROM observed_operations
),

events AS (
    SELECT
        places.place, events.moment, events.success, events.timed, events.failure_id,
        row_number() OVER earlier AS number,
        count(*) OVER (PARTITION BY places.place) AS events,
        lag(events.success, 1, TRUE) OVER earlier AS worked,
        lead(events.failure_id IGNORE NULLS) OVER earlier AS next_failure_id,
        lead(CASE WHEN events.failure_id IS NOT NULL THEN events.moment END IGNORE NULLS) OVER earlier AS next_failure_at
    FROM operation_events AS events
    JOIN places
        ON places.operation = events.operation
        AND places.environment IS NOT DISTINCT FROM events.environment
        AND places.component IS NOT DISTINCT FROM events.component
        AND places.repository IS NOT DISTINCT FROM events.repository
        AND places.branch IS NOT DISTINCT FROM events.branch
    WINDOW earlier AS (PARTITION BY places.place ORDER BY events.moment, events.success, events.id)
),

-- Only where it ceases to work, and where it works again: these take turns, and all between them are failures.
turns AS (
    SELECT
        *,
        lead(moment) OVER following AS recovered_at,
        lead(timed, 1, TRUE) OVER following AS recovery_timed,
        lead(number, 1, events + 1) OVER following AS recovery_number
    FROM events
    WHERE success <> worked
    WINDOW following AS (PARTITION BY place ORDER BY number)
),

spans AS (
    SELECT
        place,
        moment AS opened_at,
        recovered_at,
        timed AND recovery_timed AS timed,
        recovery_number - number AS failures,
        -- A failed call need not be known as a failure; then the first in the incident that is.
        CASE
            WHEN failure_id IS NOT NULL THEN failure_id
            WHEN next_failure_at <= coalesce(recovered_at, 'infinity'::TIMESTAMP) THEN next_failure_id
        END AS failure_id
    FROM turns
    WHERE NOT success
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
