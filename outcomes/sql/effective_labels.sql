-- One row per labelled failure: the opinion of the strongest source, one on the failure itself before one that spread to
-- it, then the latest.
SELECT failure_id, id, type, source, weight, retryable, labelled_at, author, recorded_at, own, trust
FROM (
    SELECT
        standing_labels.*,
        label_sources.weight AS trust,
        row_number() OVER (
            PARTITION BY standing_labels.failure_id
            ORDER BY label_sources.weight DESC, standing_labels.own DESC, standing_labels.labelled_at DESC,
                standing_labels.id DESC
        ) AS place
    FROM standing_labels
    JOIN label_sources ON label_sources.source = standing_labels.source
) AS opinions
WHERE place = 1
