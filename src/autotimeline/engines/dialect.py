"""What the engines of a lake share: the spelling of SELECTs, which are written for SQLite, and the text search."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

TABLES = (
    *("event", "detail", "search_text", "event_number", "participant", "place", "tag", "citation", "link", "claim"),
    *("figure", "reference", "month_bucket", "entity", "actor_name", "actor_parent", "actor_group", "problem"),
    *("block", "chunk", "search_word"),
)
"""The tables of a lake: those of the index that queries read, and the words of the search."""


_NUMBER = "number IN (SELECT number FROM event_number WHERE id = ?)"
_BY_ID = {"e.id = ?": f"e.{_NUMBER}", "FROM event WHERE id = ?": f"FROM event WHERE {_NUMBER}"}
"""The look-up of an event by its id: `event_number` is sorted by id, and `event` by number."""


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
    """A connection to a lake. An engine adds `_rows`, `close`, and its spellings of SQLite's functions."""

    SPELLINGS: Mapping[str, str]
    max_parameters = 16_000

    def _rows(self, sql: str, params: Sequence[Any]) -> Iterator[Any]:
        raise NotImplementedError

    def execute(self, sql: str, params: Sequence[Any] = ()) -> LakeRows:
        """Run a SELECT."""
        for text, spelling in (*_BY_ID.items(), *self.SPELLINGS.items()):
            sql = sql.replace(text, spelling)
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
