"""Settings, wiring and the flow: where the rooms are put together."""
