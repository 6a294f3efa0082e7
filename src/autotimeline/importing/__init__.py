"""Read files of other programs and merge them into a store."""
