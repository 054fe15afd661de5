// Execution: written next.
