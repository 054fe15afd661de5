// Settings: written next.
