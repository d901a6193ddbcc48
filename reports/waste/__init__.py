"""Time that failures cost, and that re-runs saved."""
