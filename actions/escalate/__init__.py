"""Hand a failure on: to an agent, a person, or a reset."""
