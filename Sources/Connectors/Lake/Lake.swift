// Lake: written next.
