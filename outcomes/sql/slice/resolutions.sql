-- Reports of the slice of time.
FROM narrow_resolutions
WHERE resolved_at >= slice_start()
