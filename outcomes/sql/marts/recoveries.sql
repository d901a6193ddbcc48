-- One row per recovery recipe and type: how its own runs ended, and whether the operation succeeded afterwards.
WITH figures AS (
    SELECT
        recovery, type, 0 AS runs, 0 AS completed, 0 AS failed, 0 AS skipped, 0 AS timed_runs, 0.0 AS seconds,
        1 AS tries, CAST(success AS BIGINT) AS successes
    FROM retries
    WHERE recovery IS NOT NULL AND in_window(ended_at)
    UNION ALL
    SELECT
        actions.name, failure_types.type, 1,
        CAST(actions.result IN ('success', 'partial') AS BIGINT),
        CAST(actions.result = 'failed' AS BIGINT),
        CAST(actions.result = 'skipped' AS BIGINT),
        CAST(actions.started_at IS NOT NULL AS BIGINT),
        coalesce(epoch(actions.ended_at - actions.started_at), 0),
        0, 0
    FROM actions
    LEFT JOIN failure_types ON failure_types.failure_id = actions.failure_id
    WHERE actions.kind = 'recover' AND in_window(actions.ended_at)
)

SELECT
    recovery,
    type,
    CAST(sum(runs) AS BIGINT) AS runs,
    CAST(sum(completed) AS BIGINT) AS completed,
    CAST(sum(failed) AS BIGINT) AS failed,
    CAST(sum(skipped) AS BIGINT) AS skipped,
    exact_sum(seconds) / nullif(sum(timed_runs), 0) AS mean_seconds,
    CAST(sum(tries) AS BIGINT) AS tries,
    CAST(sum(successes) AS BIGINT) AS successes,
    sum(successes) / nullif(sum(tries), 0) AS success_rate
FROM figures
GROUP BY recovery, type
