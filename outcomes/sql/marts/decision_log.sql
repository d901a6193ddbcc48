-- One row per rule that fired for a decision, in the order in which they fired.
WITH traces AS (
    SELECT
        failures.id AS failure_id,
        decisions.decision_id,
        failures.occurred_at,
        decisions.rules_revision,
        decisions.model_version,
        TRY(json_extract(decisions.trace, '$[*]')) AS firings
    FROM decisions
    JOIN failures ON failures.id = decisions.failure_id
    WHERE decisions.trace IS NOT NULL
),

fired AS (
    SELECT
        * EXCLUDE (firings),
        generate_subscripts(firings, 1) AS place,
        unnest(firings) AS firing
    FROM traces
)

SELECT
    failure_id,
    decision_id,
    occurred_at,
    place,
    json_extract_string(firing, '$.rule') AS rule,
    coalesce(CAST(json_extract(firing, '$.used') AS VARCHAR), '{}') AS used,
    coalesce(CAST(json_extract(firing, '$.sets') AS VARCHAR), '{}') AS sets,
    coalesce(CAST(json_extract(firing, '$.overridden') AS VARCHAR), '{}') AS overridden,
    json_extract_string(firing, '$.because') AS because,
    rules_revision,
    model_version
FROM fired
