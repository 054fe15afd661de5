// Cartona: written next.
