"""The index: an SQLite database derived from the store, which can be deleted at any time."""
