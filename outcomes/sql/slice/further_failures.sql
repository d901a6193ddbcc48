-- Failures that tell what happened in unsettled places before the slice, and are not in it.
SELECT id FROM earlier_failures
UNION
SELECT failures.id
FROM main.failures AS failures
WHERE failures.id IN (SELECT id FROM earlier_calls)
UNION
SELECT id
FROM main.failures
WHERE operation_id IN (
    SELECT operation_id FROM earlier_failures WHERE operation_id IS NOT NULL
    UNION
    SELECT operation_id FROM earlier_calls WHERE operation_id IS NOT NULL
)
EXCEPT
SELECT id FROM failures
