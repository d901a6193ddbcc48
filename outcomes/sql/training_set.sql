-- One row per (cause, type), where a cause is a fingerprint or, without one, the text itself. Where a person labelled a
-- cause, weaker opinions on the same cause are left out, and of people who disagree the last one counts. The text is that of the newest case. Only what was recorded until
-- the given moment counts, so that a training can be repeated.
WITH opinions AS (
    SELECT
        all_labels.*,
        label_sources.weight AS trust,
        row_number() OVER (
            PARTITION BY all_labels.failure_id
            ORDER BY label_sources.weight DESC, all_labels.own DESC, all_labels.labelled_at DESC,
                all_labels.id DESC
        ) AS place
    FROM all_labels
    JOIN label_sources ON label_sources.source = all_labels.source
    WHERE coalesce(all_labels.recorded_at, all_labels.labelled_at) <= $until
        AND (all_labels.undone_at IS NULL OR all_labels.undone_at > $until)
),

labelled AS (
    SELECT
        coalesce(failures.fingerprint, failures.text) AS cause,
        failures.text, failures.tool, failures.occurred_at, failures.id,
        opinions.type, opinions.source, opinions.retryable, opinions.trust,
        opinions.trust * opinions.weight AS weight, opinions.labelled_at, opinions.id AS label_id
    FROM failures
    JOIN opinions ON opinions.failure_id = failures.id AND opinions.place = 1
    WHERE coalesce(failures.recorded_at, failures.occurred_at) <= $until
),

ranked AS (
    SELECT
        *,
        max(trust) OVER (PARTITION BY cause) AS best_trust,
        first_value(type) OVER (PARTITION BY cause, trust ORDER BY labelled_at DESC, label_id DESC) AS latest_type,
        count(*) OVER (PARTITION BY cause, type, trust) AS cases,
        row_number() OVER (PARTITION BY cause, type, trust ORDER BY weight DESC, occurred_at DESC, id) AS place
    FROM labelled
)

SELECT text, type, retryable, weight, cases, tool, source
FROM ranked
WHERE place = 1 AND trust = best_trust AND (source <> 'human' OR type = latest_type)
ORDER BY cause, type
