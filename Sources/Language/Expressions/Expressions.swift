// Expressions: written next.
