-- One row per failure and standing opinion that says another type than the opinion that counts. Of one source and author
-- only the last opinion stands: who changes their mind does not disagree.
WITH opinions AS (
    SELECT *
    FROM standing_labels
    QUALIFY row_number() OVER (
        PARTITION BY failure_id, source, author ORDER BY own DESC, labelled_at DESC, id DESC
    ) = 1
)

SELECT
    opinions.failure_id,
    failures.fingerprint,
    failures.occurred_at,
    effective_labels.type AS winning_type,
    effective_labels.source AS winning_source,
    effective_labels.author AS winning_author,
    opinions.type AS other_type,
    opinions.source AS other_source,
    opinions.author AS other_author,
    NOT opinions.own AS other_spread,
    opinions.labelled_at AS other_labelled_at
FROM opinions
JOIN effective_labels ON effective_labels.failure_id = opinions.failure_id
JOIN failures ON failures.id = opinions.failure_id
WHERE opinions.type <> effective_labels.type
    AND (opinions.source, opinions.author) IS DISTINCT FROM (effective_labels.source, effective_labels.author)
