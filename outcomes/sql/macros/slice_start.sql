-- The moment from which on a slice of the store holds everything that happened.
CREATE MACRO slice_start() AS getvariable('slice_start')::TIMESTAMP
