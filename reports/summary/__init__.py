"""The summary: how much failed, what came of it, and what to look at first."""
