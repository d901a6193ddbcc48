-- A mean that is the same in whatever order its parts are added.
CREATE MACRO exact_mean(part) AS exact_sum(part) / count(part)
