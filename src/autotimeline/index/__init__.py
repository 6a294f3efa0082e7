"""The index: a SQLite database derived from the store, thrown away at will."""
