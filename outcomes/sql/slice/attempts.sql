-- Calls of the slice of time.
FROM narrow_attempts
WHERE ended_at >= slice_start()
