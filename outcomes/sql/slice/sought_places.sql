-- Unsettled places of which no moment is known yet at which they worked.
SELECT places.*
FROM unsettled_places AS places
ANTI JOIN last_successes AS found
    ON found.operation = places.operation
    AND found.environment IS NOT DISTINCT FROM places.environment
    AND found.component IS NOT DISTINCT FROM places.component
    AND found.repository IS NOT DISTINCT FROM places.repository
    AND found.branch IS NOT DISTINCT FROM places.branch
