-- One row per labelled failure: the opinion of the strongest source, the latest where that source spoke twice.
SELECT failure_id, type, source, weight, retryable, labelled_at, trust
FROM (
    SELECT
        labels.failure_id, labels.type, labels.source, labels.weight, labels.retryable, labels.labelled_at,
        label_sources.weight AS trust,
        row_number() OVER (
            PARTITION BY labels.failure_id
            ORDER BY label_sources.weight DESC, labels.labelled_at DESC, labels.id DESC
        ) AS place
    FROM labels
    JOIN label_sources ON label_sources.source = labels.source
) AS opinions
WHERE place = 1
