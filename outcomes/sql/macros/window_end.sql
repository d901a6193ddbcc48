-- The moment before which figures of a window count: the session's variable ``until``, or for ever.
CREATE MACRO window_end() AS coalesce(getvariable('until')::TIMESTAMP, 'infinity'::TIMESTAMP)
