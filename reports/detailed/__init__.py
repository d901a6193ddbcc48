"""The failures themselves, with what came of each."""
