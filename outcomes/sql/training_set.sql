-- One row per (cause, type), where a cause is a fingerprint or, without one, the text itself. Where a person labelled a
-- cause, weaker opinions on the same cause are left out. The text is that of the newest case.
WITH labelled AS (
    SELECT
        coalesce(failures.fingerprint, failures.text) AS cause,
        failures.text, failures.tool, failures.occurred_at, failures.id,
        effective_labels.type, effective_labels.source, effective_labels.retryable, effective_labels.trust,
        effective_labels.trust * effective_labels.weight AS weight
    FROM failures
    JOIN effective_labels ON effective_labels.failure_id = failures.id
),

ranked AS (
    SELECT
        *,
        max(trust) OVER (PARTITION BY cause) AS best_trust,
        count(*) OVER (PARTITION BY cause, type, trust) AS cases,
        row_number() OVER (PARTITION BY cause, type, trust ORDER BY weight DESC, occurred_at DESC, id) AS place
    FROM labelled
)

SELECT text, type, retryable, weight, cases, tool, source
FROM ranked
WHERE place = 1 AND trust = best_trust
ORDER BY cause, type
