// Postgres: written next.
