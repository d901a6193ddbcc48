-- One row per cause of a window that was decided and that a person or an import labelled: how sure the decision on its
-- newest case was, and whether it was right.
SELECT confidence, correct
FROM (
    SELECT
        decisions.confidence,
        decisions.type = effective_labels.type AS correct,
        row_number() OVER (
            PARTITION BY coalesce(failures.fingerprint, failures.text)
            ORDER BY failures.occurred_at DESC, failures.id DESC, decisions.id DESC
        ) AS place
    FROM failures
    JOIN decisions ON decisions.failure_id = failures.id
    JOIN effective_labels ON effective_labels.failure_id = failures.id
    WHERE failures.occurred_at >= $from_time AND failures.occurred_at < $to_time
        AND decisions.confidence IS NOT NULL AND decisions.type IS NOT NULL
        AND effective_labels.source IN ('human', 'import') AND effective_labels.weight > 0
) AS cases
WHERE place = 1
ORDER BY confidence, correct
