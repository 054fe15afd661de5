// Federation: written next.
