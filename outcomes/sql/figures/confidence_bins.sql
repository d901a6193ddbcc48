-- How sure decisions on failures of a window were, in tenths, and how often they were right, where a person or an import
-- said so. The error is confidence against 1 for right and 0 for wrong, squared.
SELECT
    CAST(least(floor(confidence * 10), 9) AS BIGINT) AS bin,
    count(*) AS failures,
    count(*) FILTER (WHERE correct) AS correct,
    exact_sum(confidence) AS confidence_sum,
    exact_sum((confidence - CAST(correct AS BIGINT)) ** 2) AS squared_error_sum
FROM (
    SELECT decisions.confidence, failure_types.decided_type = failure_types.label_type AS correct
    FROM failure_types
    JOIN decisions ON decisions.failure_id = failure_types.failure_id
    WHERE failure_types.label_source IN ('human', 'import') AND failure_types.decided_type IS NOT NULL
        AND decisions.confidence IS NOT NULL AND in_window(failure_types.occurred_at)
        AND in_places(
            failure_types.environment, failure_types.component, failure_types.repository, failure_types.operation
        )
        AND in_kinds(failure_types.type, failure_types.severity)
) AS judged
GROUP BY bin
ORDER BY bin
