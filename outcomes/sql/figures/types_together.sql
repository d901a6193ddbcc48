-- Pairs of types that failed in the same run, or in the same repository within the same ten minutes by the clock, in a
-- window; named as in attribute_pairs, whose rows these are judged with.
SELECT
    CASE situation WHEN 'run' THEN 'same_run' ELSE situation END AS kind,
    type AS value,
    other_type AS other_value,
    together,
    seen,
    other_seen,
    situations AS failures
FROM co_occurrence
ORDER BY kind, together DESC, value, other_value
