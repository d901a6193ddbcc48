-- Failures of the slice of time.
FROM narrow_failures
WHERE occurred_at >= slice_start()
