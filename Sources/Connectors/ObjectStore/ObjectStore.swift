// ObjectStore: written next.
