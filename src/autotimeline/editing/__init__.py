"""Change a store: drafts, assignments, transactions, undo."""
