"""The query language: words to a tree, the tree to SQL, SQL to a Selection."""
