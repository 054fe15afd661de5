// StandardConnectors: written next.
