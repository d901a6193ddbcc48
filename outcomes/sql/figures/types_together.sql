-- Pairs of types that failed in the same run, or in the same repository within the same ten minutes by the clock, in a
-- window: as the mart co_occurrence counts them, of the failures that the filters choose.
WITH situations AS (
    SELECT 'same_run' AS kind, operation_id AS name, NULL::TIMESTAMP AS slot, type
    FROM failure_types
    WHERE operation_id IS NOT NULL AND type IS NOT NULL AND NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
    UNION
    SELECT 'ten_minutes', repository, time_bucket(INTERVAL 10 MINUTE, occurred_at), type
    FROM failure_types
    WHERE repository IS NOT NULL AND type IS NOT NULL AND NOT cancelled AND in_window(occurred_at)
        AND in_places(environment, component, repository, operation) AND in_kinds(type, severity)
),

types AS (
    SELECT kind, type, count(*) AS seen FROM situations GROUP BY kind, type
),

totals AS (
    SELECT kind, count(DISTINCT (name, slot)) AS situations FROM situations GROUP BY kind
),

pairs AS (
    SELECT one.kind, one.type, other.type AS other_type, count(*) AS together
    FROM situations AS one
    JOIN situations AS other
        ON other.kind = one.kind
        AND other.name = one.name
        AND other.slot IS NOT DISTINCT FROM one.slot
        AND other.type > one.type
    GROUP BY one.kind, one.type, other.type
)

SELECT
    pairs.kind,
    pairs.type AS value,
    pairs.other_type AS other_value,
    pairs.together,
    one.seen AS seen,
    other.seen AS other_seen,
    totals.situations AS failures
FROM pairs
JOIN types AS one ON one.kind = pairs.kind AND one.type = pairs.type
JOIN types AS other ON other.kind = pairs.kind AND other.type = pairs.other_type
JOIN totals ON totals.kind = pairs.kind
ORDER BY pairs.kind, pairs.together DESC, value, other_value
