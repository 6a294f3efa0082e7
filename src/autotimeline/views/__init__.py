"""Views arrange a Selection into a Table, one file each."""
