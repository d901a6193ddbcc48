-- The moment from which on a slice of the store answers.
CREATE MACRO slice_since() AS getvariable('slice_since')::TIMESTAMP
