"""The report on how well operations work."""
