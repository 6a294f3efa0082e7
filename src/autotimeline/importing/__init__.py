"""Read other people's files and merge them into a store."""
