-- Reports on failures in unsettled places before the slice that are not in it.
SELECT id FROM main.resolutions WHERE failure_id IN (SELECT id FROM earlier_failures)
EXCEPT
SELECT id FROM resolutions
