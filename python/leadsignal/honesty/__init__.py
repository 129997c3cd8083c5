"""How sure a number is, and what may be said of it."""
