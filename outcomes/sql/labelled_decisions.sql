-- One row per cause, label and place: the facts of the newest decided case from the given moment on of which a person or
-- an import said the type, or whose cause was run again unchanged; the newest causes where there are more than wanted. A
-- cause is a fingerprint or, without one, the text itself. Where a person labelled a cause, imported opinions on it are
-- left out. What outcomes and codes say of the type is no truth to be judged by.
WITH judged AS (
    SELECT failure_id, type, retryable, trust
    FROM effective_labels
    WHERE source IN ('human', 'import') AND weight > 0
),

reruns AS (
    SELECT failures.fingerprint, count(*) AS tries, sum(CASE WHEN unchanged_reruns.success THEN 1 ELSE 0 END) AS passed
    FROM unchanged_reruns
    JOIN failures ON failures.id = unchanged_reruns.failure_id
    WHERE failures.fingerprint IS NOT NULL
    GROUP BY failures.fingerprint
),

decided AS (
    SELECT failure_id, facts, model_version, row_number() OVER (PARTITION BY failure_id ORDER BY id DESC) AS place
    FROM decisions
    WHERE facts <> '{}'
),

cases AS (
    SELECT
        coalesce(failures.fingerprint, md5(failures.text)) AS cause,
        failures.id, failures.occurred_at, failures.environment, failures.operation, failures.component,
        failures.repository, failures.job, failures.phase, failures.source, failures.tool, failures.exit_code,
        judged.type, judged.retryable, coalesce(judged.trust, 0) AS trust,
        reruns.tries, reruns.passed, decided.facts, decided.model_version
    FROM failures
    JOIN decided ON decided.failure_id = failures.id AND decided.place = 1
    LEFT JOIN judged ON judged.failure_id = failures.id
    LEFT JOIN reruns ON reruns.fingerprint = failures.fingerprint
    WHERE failures.occurred_at >= $since AND (judged.type IS NOT NULL OR reruns.tries IS NOT NULL)
),

ranked AS (
    SELECT
        cases.*,
        max(trust) OVER (PARTITION BY cause) AS best_trust,
        min(occurred_at) OVER (PARTITION BY cause) AS first_at,
        row_number() OVER (
            PARTITION BY
                cause, trust, type, retryable, environment, operation, component, repository, job, phase, source, tool,
                exit_code
            ORDER BY occurred_at DESC, id DESC
        ) AS place
    FROM cases
)

SELECT
    cause, first_at, type, retryable, coalesce(tries, 0) AS tries, coalesce(passed, 0) AS passed, facts, model_version
FROM ranked
WHERE place = 1 AND trust = best_trust
ORDER BY first_at DESC, cause DESC, id DESC
LIMIT $most
