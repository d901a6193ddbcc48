-- Seconds of a span that lie from ``since`` on and before ``until``.
CREATE MACRO seconds_in_window(opening, ending) AS
greatest(0.0, epoch(least(ending, window_end())) - epoch(greatest(opening, window_start())))
