"""The C module of SQLite: the package `sqlite3` would add its converters of dates to every start."""

try:
    import _sqlite3 as sqlite3
except ImportError:  # another Python
    import sqlite3  # type: ignore[no-redef]  # one name for both

__all__ = ["sqlite3"]
