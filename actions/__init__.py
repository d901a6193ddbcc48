"""Carry decisions out: retry, and the breaker that says when not to."""
