// Memory: written next.
