-- The Kaplan-Meier curve of each group: per time since the opening that any incident of it lasted, the share of incidents
-- that last longer. An open incident counts as at risk until it was last watched.
SELECT dimension, value, seconds, at_risk, recovered, censored, survival, standard_error
FROM recovery_steps
WHERE seconds IS NOT NULL
