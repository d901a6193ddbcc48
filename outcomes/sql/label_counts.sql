-- Labelled outcomes per source of the label that counts.
SELECT source, count(*) AS outcomes
FROM effective_labels
GROUP BY source
ORDER BY source
