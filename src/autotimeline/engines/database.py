"""What the rest of the program requires of an engine; a module on the fast path loads this only for its types."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class Rows(Iterator[Any], Protocol):
    """The rows of an answer, fetched as they are read."""

    def fetchone(self) -> Any: ...  # noqa: D102
    def fetchall(self) -> list[Any]: ...  # noqa: D102


class Database(Protocol):
    """A connection to an index or a lake."""

    @property
    def is_columnar(self) -> bool:
        """Whether a row is read column by column, so that conditions on few columns are cheap."""

    @property
    def max_parameters(self) -> int:
        """The maximum number of `?` in a statement."""

    def execute(self, sql: str, params: Sequence[Any] = ..., /) -> Rows:
        """Run a SELECT."""

    def text_search(self, phrase: str, column: str = "") -> tuple[str, Sequence[str]]:
        """Return a SELECT of the numbers of the events with a phrase, in a column or in any, and its parameters.

        The phrase consists of folded words, the last of which may be the beginning of one.
        """

    def search_words(self, columns: Sequence[str]) -> Iterator[str]:
        """Yield the words of these columns of the search."""

    def close(self) -> None:
        """Close the connection."""
