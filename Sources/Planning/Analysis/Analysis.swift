// Analysis: written next.
