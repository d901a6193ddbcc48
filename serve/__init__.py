"""The service: decisions, outcomes and reports over HTTP, and the client for it."""
