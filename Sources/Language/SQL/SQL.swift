// SQL: written next.
