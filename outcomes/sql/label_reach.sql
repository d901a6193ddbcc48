-- For how many failures the given opinions were said, and for how many they are the ones that count.
SELECT
    (SELECT count(DISTINCT failure_id) FROM standing_labels WHERE id IN (SELECT unnest($ids))) AS said,
    (SELECT count(*) FROM effective_labels WHERE id IN (SELECT unnest($ids))) AS counting
