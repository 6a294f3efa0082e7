"""What the engines of a lake share: the spelling of SELECTs, which are written for SQLite, and the text search."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autotimeline.engines.manifest import Manifest

_NUMBER = "number IN (SELECT number FROM event_number WHERE id = ?)"
_SPELLINGS = {
    # `event_number` is sorted by id, and `event` by number.
    "e.id = ?": f"e.{_NUMBER}",
    "SELECT id FROM event WHERE id = ?": "SELECT id FROM event_number WHERE id = ?",
    "SELECT 1 FROM event WHERE id = ?": "SELECT 1 FROM event_number WHERE id = ?",
    "SELECT number FROM event WHERE id = ?": "SELECT number FROM event_number WHERE id = ?",
    "FROM event WHERE id = ?": f"FROM event WHERE {_NUMBER}",
    # The number of events of each actor in a whole lake.
    "WITH v0 AS (SELECT event, key FROM (SELECT event, actor AS key, role FROM participant) WHERE TRUE)"
    " SELECT v0.key, NULL, COUNT(DISTINCT v0.event) FROM v0 WHERE (TRUE) AND (1 = 1) GROUP BY 1": (
        "SELECT actor, NULL, SUM(events) FROM actor_count GROUP BY 1"
    ),
}
"""SELECTs that a lake answers from other tables than an index."""


class LakeRows:
    """The rows of an answer, read from an iterator."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._rows)

    def fetchone(self) -> Any:
        """Return the next row; None after the last."""
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        """Return the other rows."""
        return list(self._rows)


class LakeDatabase:
    """A connection to a lake. An engine adds its methods and its spellings of SQLite's functions."""

    SPELLINGS: Mapping[str, str]
    is_columnar = True
    max_parameters = 16_000

    def __init__(self, manifest: Manifest, directory: str) -> None:
        self.manifest, self._directory = manifest, directory
        self._missing_views = sorted(manifest.tables)

    def _create_view(self, table: str, paths: Sequence[str]) -> None:
        raise NotImplementedError

    def _rows(self, sql: str, params: Sequence[Any]) -> Iterator[Any]:
        raise NotImplementedError

    def close(self) -> None:
        """Close the connection."""
        raise NotImplementedError

    def execute(self, sql: str, params: Sequence[Any] = ()) -> LakeRows:
        """Run a SELECT."""
        for text, spelling in (*_SPELLINGS.items(), *self.SPELLINGS.items()):
            sql = sql.replace(text, spelling)
        # A view costs the reading of a file: only those that are needed.
        for table in [table for table in self._missing_views if table in sql]:
            paths = [os.path.join(self._directory, path) for path in self.manifest.paths(table)]
            self._create_view(table, paths)
            self._missing_views.remove(table)
        return LakeRows(self._rows(sql, params))

    def text_search(self, phrase: str, column: str = "") -> tuple[str, Sequence[str]]:
        """Return a SELECT of the numbers of the events with a phrase, and its parameters (see `Database`).

        Texts are folded words with one space between them, so that a phrase begins after a space.
        """
        columns = [column] if column else ["title", "rest"]
        conditions = " OR ".join(f"CONTAINS(' ' || {column}, ?)" for column in columns)
        return f"SELECT event FROM search_text WHERE {conditions}", [f" {phrase}"] * len(columns)

    def search_words(self, columns: Sequence[str]) -> Iterator[str]:
        """Yield the words of these columns of the search."""
        marks = ", ".join("?" * len(columns))
        return (word for (word,) in self.execute(f"SELECT word FROM search_word WHERE name IN ({marks})", columns))
