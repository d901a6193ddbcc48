-- One row per (cause, type) that a person or an import named, oldest cause first, where a cause is a fingerprint or,
-- without one, the text itself. Where a person labelled a cause, imported opinions on it are left out. The time is that of
-- the cause's first labelled case; the text and what was decided are those of the newest. Evidence that came from
-- outcomes or codes is no truth to be judged by.
WITH labelled AS (
    SELECT
        coalesce(failures.fingerprint, failures.text) AS cause,
        failures.id, failures.occurred_at, failures.text, failures.fingerprint, failures.tool,
        failures.job, failures.component, failures.operation,
        effective_labels.type, effective_labels.source AS label_source, effective_labels.retryable, effective_labels.trust
    FROM failures
    JOIN effective_labels ON effective_labels.failure_id = failures.id
    WHERE effective_labels.source IN ('human', 'import') AND effective_labels.weight > 0
),

ranked AS (
    SELECT
        labelled.*,
        max(trust) OVER (PARTITION BY cause) AS best_trust,
        min(occurred_at) OVER (PARTITION BY cause) AS first_at,
        row_number() OVER (PARTITION BY cause, type, trust ORDER BY occurred_at DESC, id DESC) AS place
    FROM labelled
),

decided AS (
    SELECT
        failure_id, type, confidence, abstained, retryable, model_version,
        row_number() OVER (PARTITION BY failure_id ORDER BY id DESC) AS place
    FROM decisions
)

SELECT
    ranked.text, ranked.type, ranked.first_at, ranked.fingerprint, ranked.tool, ranked.job, ranked.component,
    ranked.operation, ranked.label_source, ranked.retryable,
    decided.type AS decided_type, decided.confidence, decided.abstained, decided.retryable AS decided_retryable,
    decided.model_version
FROM ranked
LEFT JOIN decided ON decided.failure_id = ranked.id AND decided.place = 1
WHERE ranked.place = 1 AND ranked.trust = ranked.best_trust
ORDER BY ranked.first_at, ranked.cause, ranked.type
