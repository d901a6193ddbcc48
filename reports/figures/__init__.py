"""Charts, each drawn once for report, dashboard and notebook."""
