-- One row per cause on which no person's opinion stands, the one most worth asking about first. A cause is a fingerprint
-- or, without one, the failure itself. What the factors mean: outcomes/review_queue.py.
WITH cases AS (
    SELECT
        failures.id, failures.fingerprint, failures.occurred_at, failures.environment, failures.operation,
        failures.operation_id, failures.attempt,
        coalesce(failures.fingerprint, 'id:' || failures.id) AS cause,
        latest_decisions.type, latest_decisions.severity, latest_decisions.retryable, latest_decisions.confidence,
        latest_decisions.abstained
    FROM failures
    LEFT JOIN latest_decisions ON latest_decisions.failure_id = failures.id
),

places AS (
    SELECT unnest($environments) AS name, unnest($environment_factors) AS factor
),

severities AS (
    SELECT unnest($severities) AS name, unnest($severity_minutes) AS minutes
),

opinions AS (
    SELECT
        cases.cause,
        max(CASE WHEN labels.source = 'human' THEN 1 ELSE 0 END) AS by_a_person,
        max(CASE WHEN labels.source = 'import' THEN 1 ELSE 0 END) AS imported,
        min(labels.type) AS first_type,
        max(labels.type) AS last_type
    FROM labels
    JOIN cases ON cases.id = labels.failure_id
    WHERE labels.id NOT IN (SELECT label_id FROM label_undos)
    GROUP BY cases.cause
),

reruns AS (
    SELECT cases.cause, count(*) AS tries, sum(CASE WHEN unchanged_reruns.success THEN 1 ELSE 0 END) AS passed
    FROM unchanged_reruns
    JOIN cases ON cases.id = unchanged_reruns.failure_id
    GROUP BY cases.cause
),

-- How long the failed calls ran: the call itself, and re-runs that are known by the failure before them only.
calls AS (
    SELECT cases.cause, cases.id, extract(epoch FROM attempts.ended_at - attempts.started_at) AS seconds
    FROM attempts
    JOIN cases
        ON cases.operation_id = attempts.operation_id
        AND cases.attempt = attempts.number
        AND coalesce(cases.operation, '') = coalesce(attempts.operation, '')
    WHERE NOT attempts.success
    UNION ALL
    SELECT cases.cause, cases.id, extract(epoch FROM attempts.ended_at - attempts.started_at)
    FROM attempts
    JOIN cases ON cases.id = attempts.failure_id
    WHERE NOT attempts.success AND attempts.operation_id IS NULL
),

losses AS (
    SELECT cause, sum(CAST(1000 * greatest(seconds, 0) AS BIGINT)) / 60000.0 / count(DISTINCT id) AS minutes
    FROM calls
    WHERE seconds IS NOT NULL
    GROUP BY cause
),

-- Sums of decimals do not depend on the order of the rows, and with them the ranking does not.
counted AS (
    SELECT
        cases.cause, count(*) AS failures, min(cases.occurred_at) AS first_seen, max(cases.occurred_at) AS last_seen,
        sum(CAST(
            pow(0.5, greatest(extract(epoch FROM $now - cases.occurred_at), 0) / 86400.0 / $half_life)
            AS DECIMAL(18, 12)
        )) AS recent,
        sum(CAST(coalesce(places.factor, 1) AS DECIMAL(18, 3))) / count(*) AS place_factor
    FROM cases
    LEFT JOIN places ON places.name = cases.environment
    GROUP BY cases.cause
),

examples AS (
    SELECT *
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY cause ORDER BY (CASE WHEN type IS NULL THEN 1 ELSE 0 END), occurred_at DESC, id DESC
            ) AS place
        FROM cases
    ) AS ranked
    WHERE place = 1
),

measured AS (
    SELECT
        examples.cause, examples.id, examples.fingerprint, examples.type, examples.severity, examples.retryable,
        examples.confidence, examples.abstained, examples.environment,
        counted.failures, counted.first_seen, counted.last_seen,
        coalesce(reruns.tries, 0) AS tries,
        coalesce(reruns.passed, 0) AS passed,
        losses.minutes AS lost_minutes,
        counted.place_factor * (coalesce(severities.minutes, $unknown_minutes) + coalesce(losses.minutes, 0)) AS cost,
        ln(CAST(1 + counted.recent AS DOUBLE)) / ln(2.0) AS frequency,
        CASE
            WHEN examples.confidence IS NULL THEN 0.0
            WHEN examples.abstained IS NOT NULL THEN least(examples.confidence, 1 - $abstained_doubt)
            ELSE examples.confidence
        END AS decided_sureness,
        coalesce(opinions.imported, 0) = 1 AS imported,
        CASE
            WHEN opinions.first_type IS NULL THEN FALSE
            ELSE opinions.first_type <> opinions.last_type
                OR opinions.first_type <> coalesce(examples.type, opinions.first_type)
        END AS disputed,
        CASE
            WHEN NOT examples.retryable AND reruns.passed > 0 THEN 1 - pow($noise, reruns.passed)
            WHEN examples.retryable AND reruns.passed = 0 AND reruns.tries >= $enough_tries
                THEN 1 - pow($noise, reruns.tries - $enough_tries + 1)
            ELSE 0.0
        END AS contradiction
    FROM examples
    JOIN counted ON counted.cause = examples.cause
    LEFT JOIN severities ON severities.name = examples.severity
    LEFT JOIN opinions ON opinions.cause = examples.cause
    LEFT JOIN reruns ON reruns.cause = examples.cause
    LEFT JOIN losses ON losses.cause = examples.cause
    WHERE coalesce(opinions.by_a_person, 0) = 0
),

doubted AS (
    SELECT
        *,
        1 - (1 - contradiction) * CASE
            WHEN disputed THEN decided_sureness * (1 - $disputed_doubt)
            WHEN imported THEN greatest(decided_sureness, $import_sureness)
            ELSE decided_sureness
        END AS uncertainty
    FROM measured
),

queue AS (
    SELECT *, round(cost * uncertainty * frequency, 6) AS priority
    FROM doubted
    ORDER BY priority DESC, cause
    LIMIT $size
)

SELECT queue.*, failures.text, latest_decisions.document
FROM queue
JOIN failures ON failures.id = queue.id
LEFT JOIN latest_decisions ON latest_decisions.failure_id = queue.id
ORDER BY queue.priority DESC, queue.cause
