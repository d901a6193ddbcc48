"""What tells of operations while they run, and records it; ``system.failure_tracking`` is its door."""
