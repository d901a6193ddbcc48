-- Causes of a window and of so many seconds before it, by what they did: new ones were never seen before the window, and
-- regressed ones not for 14 days; recurring ones were, and quiet ones were seen before the window and not in it. So many of
-- each, with how many there are. Whether a cause was seen before is asked of all failures, whatever the filters.
WITH sightings AS (
    SELECT failure_id, fingerprint, occurred_at, occurred_at >= window_start() AS inside
    FROM failure_types
    WHERE fingerprint IS NOT NULL AND NOT cancelled
        AND occurred_at >= window_start() - to_seconds($history) AND occurred_at < window_end()
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
),

seen AS (
    SELECT
        fingerprint,
        count(*) FILTER (WHERE inside) AS failures,
        count(*) FILTER (WHERE NOT inside) AS failures_before,
        count(DISTINCT date_trunc('hour', occurred_at)) FILTER (WHERE NOT inside) AS hours_before,
        min(occurred_at) FILTER (WHERE inside) AS returned_at,
        max(occurred_at) AS last_seen,
        arg_max(failure_id, (occurred_at, failure_id)) AS example
    FROM sightings
    GROUP BY fingerprint
),

ever AS (
    -- Of all causes: to choose the failures of some first takes longer.
    SELECT
        fingerprint,
        min(occurred_at) AS first_seen,
        max(occurred_at) FILTER (WHERE occurred_at < window_start()) AS seen_before,
        count(*) FILTER (WHERE occurred_at < window_start()) AS times_before
    FROM main.failures
    WHERE occurred_at < window_end()
    GROUP BY fingerprint
),

states AS (
    SELECT
        seen.*,
        ever.first_seen, ever.seen_before, ever.times_before,
        CASE
            WHEN seen.failures = 0 THEN 'quiet'
            WHEN ever.times_before = 0 THEN 'new'
            WHEN ever.seen_before <= seen.returned_at - INTERVAL 14 DAY THEN 'regressed'
            ELSE 'recurring'
        END AS state
    FROM seen
    JOIN ever ON ever.fingerprint = seen.fingerprint
),

chosen AS (
    SELECT *, count(*) OVER (PARTITION BY state) AS causes
    FROM states
    QUALIFY row_number() OVER (
        PARTITION BY state ORDER BY failures DESC, hours_before DESC, failures_before DESC, fingerprint
    ) <= $size
),

days AS (
    SELECT fingerprint, count(DISTINCT CAST(occurred_at AS DATE)) AS days_before
    FROM main.failures
    WHERE occurred_at < window_start() AND fingerprint IN (SELECT fingerprint FROM chosen WHERE state = 'regressed')
    GROUP BY fingerprint
),

texts AS (
    SELECT id, text FROM main.failures WHERE id IN (SELECT example FROM chosen)
),

documents AS (
    SELECT failure_id, arg_max(document, id) AS document
    FROM main.decisions
    WHERE type IS NOT NULL AND failure_id IN (SELECT example FROM chosen)
    GROUP BY failure_id
)

SELECT
    chosen.state, chosen.causes, chosen.fingerprint, chosen.failures, chosen.failures_before, chosen.hours_before,
    chosen.returned_at, chosen.first_seen, chosen.seen_before, chosen.last_seen, days.days_before,
    failure_types.type, failure_types.severity, failure_types.operation, failure_types.tool,
    texts.text, documents.document
FROM chosen
JOIN failure_types ON failure_types.failure_id = chosen.example
JOIN texts ON texts.id = chosen.example
LEFT JOIN documents ON documents.failure_id = chosen.example
LEFT JOIN days ON days.fingerprint = chosen.fingerprint
ORDER BY chosen.state, chosen.failures DESC, chosen.hours_before DESC, chosen.failures_before DESC, chosen.fingerprint
