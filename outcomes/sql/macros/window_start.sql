-- The moment from which on figures of a window count: the session's variable ``since``, or ever.
CREATE MACRO window_start() AS coalesce(getvariable('since')::TIMESTAMP, '-infinity'::TIMESTAMP)
