// Functions: written next.
