-- Seconds of a span that lie within a day.
CREATE MACRO seconds_in_day(opening, ending, day) AS
greatest(0.0, epoch(least(ending, day + INTERVAL 1 DAY)) - epoch(greatest(opening, day::TIMESTAMP)))
