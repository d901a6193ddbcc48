-- A sum that is the same in whatever order its parts are added, to the billionth; of decimals, since threads add in any order.
CREATE MACRO exact_sum(part) AS CAST(sum(CAST(part AS DECIMAL(38, 9))) AS DOUBLE)
