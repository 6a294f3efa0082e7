"""SQLite, the engine of local stores."""

from __future__ import annotations

try:
    # The package `sqlite3` would add its converters of dates to every start.
    import _sqlite3 as sqlite3
except ImportError:  # another Python
    import sqlite3  # type: ignore[no-redef]  # one name for both

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

__all__ = ["Connection", "connect", "open_connections", "sqlite3"]


open_connections: set[int] = set()
"""The ids of the connections that were opened and not closed."""


class Connection(sqlite3.Connection):
    """A connection to an index."""

    is_columnar = False

    def close(self) -> None:
        """Close the connection, unless it is closed."""
        open_connections.discard(id(self))
        super().close()

    @property
    def max_parameters(self) -> int:
        """The maximum number of `?` in a statement."""
        return self.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)

    def text_search(self, phrase: str, column: str = "") -> tuple[str, Sequence[str]]:
        """Return a SELECT of the numbers of the events with a phrase, and its parameters (see `engines.Database`)."""
        prefix = f"{{{column}}} : " if column else ""
        return "SELECT rowid FROM search WHERE search MATCH ?", (f'{prefix}"{phrase}"*',)

    def search_words(self, columns: Sequence[str]) -> Iterator[str]:
        """Yield the words of these columns of the search."""
        self.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.word USING fts5vocab (main, search, col)")
        sql = f"SELECT term FROM temp.word WHERE col IN ({', '.join('?' * len(columns))})"
        return (word for (word,) in self.execute(sql, tuple(columns)))


def connect(path: str, **options: Any) -> Connection:
    """Open a database without implicit transactions."""
    db: Connection = sqlite3.connect(path, isolation_level=None, factory=Connection, **options)
    open_connections.add(id(db))
    return db
