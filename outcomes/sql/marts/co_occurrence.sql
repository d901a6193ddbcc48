-- One row per pair of types and kind of situation: how often both failed in the same run, or in the same repository within
-- the same ten minutes by the clock, and how often they would by chance. Situations with one type count too.
WITH situations AS (
    SELECT 'run' AS situation, operation_id AS name, NULL::TIMESTAMP AS slot, type
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
    SELECT situation, type, count(*) AS seen FROM situations GROUP BY situation, type
),

totals AS (
    SELECT situation, count(DISTINCT (name, slot)) AS situations FROM situations GROUP BY situation
),

pairs AS (
    SELECT one.situation, one.type, other.type AS other_type, count(*) AS together
    FROM situations AS one
    JOIN situations AS other
        ON other.situation = one.situation
        AND other.name = one.name
        AND other.slot IS NOT DISTINCT FROM one.slot
        AND other.type > one.type
    GROUP BY one.situation, one.type, other.type
)

SELECT
    pairs.situation,
    pairs.type,
    pairs.other_type,
    pairs.together,
    one.seen AS seen,
    other.seen AS other_seen,
    totals.situations,
    one.seen * other.seen / totals.situations AS expected,
    pairs.together * totals.situations / (one.seen * other.seen) AS lift
FROM pairs
JOIN types AS one ON one.situation = pairs.situation AND one.type = pairs.type
JOIN types AS other ON other.situation = pairs.situation AND other.type = pairs.other_type
JOIN totals ON totals.situation = pairs.situation
