// Optimization: written next.
