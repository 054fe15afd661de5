// Plans: written next.
