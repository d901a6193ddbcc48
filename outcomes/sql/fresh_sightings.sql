-- One row per new failure, with what it was decided to be.
CREATE TEMPORARY TABLE fresh_sightings AS
SELECT
    fresh_failures.fingerprint, fresh_failures.component, fresh_failures.occurred_at,
    fresh_decisions.type, fresh_decisions.category
FROM fresh_failures
LEFT JOIN fresh_decisions ON fresh_decisions.failure_id = fresh_failures.id
