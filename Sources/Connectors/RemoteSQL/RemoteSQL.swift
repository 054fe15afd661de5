// RemoteSQL: written next.
