-- Stored outcomes per type: what they were labelled as, otherwise what was decided.
SELECT coalesce(effective_labels.type, decided.type) AS type, count(*) AS outcomes
FROM failures
LEFT JOIN effective_labels ON effective_labels.failure_id = failures.id
LEFT JOIN (SELECT failure_id, max(type) AS type FROM decisions GROUP BY failure_id) AS decided
    ON decided.failure_id = failures.id
GROUP BY 1
ORDER BY outcomes DESC, type
