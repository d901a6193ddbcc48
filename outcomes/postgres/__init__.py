"""A store in a PostgreSQL server, for more than one machine."""
