-- Success, recovery and availability in a window, in all and by environment, component, repository and operation; of each
-- the 50 with most calls.
SELECT *
FROM reliability
QUALIFY row_number() OVER (PARTITION BY dimension ORDER BY calls DESC, value) <= 50
ORDER BY dimension, calls DESC, value
