"""A table as rows of text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence


ELLIPSIS = "…"
"""The name of a column in place of several empty ones."""


class TextTable:
    """Rows of text without the columns that are empty in each row, apart from those named ELLIPSIS.

    Each column has its name, the marks of its values (if any), and whether it holds numbers. `dimmed` are positions of
    rows.
    """

    def __init__(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Sequence[bool],
        marks: Sequence[Mapping[str, str] | None] = (),
        dimmed: Container[int] = (),
    ) -> None:
        columns = range(len(names))
        visible = [n for n in columns if names[n] == ELLIPSIS or any(row[n] for row in rows)] or columns
        self.names = [names[column] for column in visible]
        self.rows = [[row[column] for column in visible] for row in rows]
        self.numeric = [numeric[column] for column in visible]
        self.marks = [marks[column] if marks else None for column in visible]
        self.dimmed = dimmed
