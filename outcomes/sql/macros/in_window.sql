-- Whether a moment lies from ``since`` on and before ``until``.
CREATE MACRO in_window(moment) AS moment >= window_start() AND moment < window_end()
