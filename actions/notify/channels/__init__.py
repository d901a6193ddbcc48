"""Ways to reach people, one per file; each is found by its entry point."""
