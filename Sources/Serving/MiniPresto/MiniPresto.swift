// MiniPresto: written next.
