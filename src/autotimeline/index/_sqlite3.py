"""SQLite as CPython has it, without what the package `sqlite3` lays around it for dates: every start would load it."""

from __future__ import annotations

try:
    import _sqlite3 as sqlite3
except ImportError:  # another Python
    import sqlite3  # type: ignore[no-redef]  # one name for both

__all__ = ["sqlite3"]
