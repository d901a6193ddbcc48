"""Charts, each drawn once for reports, dashboards and notebooks."""
