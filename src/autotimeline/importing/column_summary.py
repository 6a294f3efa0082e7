"""The columns of an imported table with their keys, some cells, and how many of the cells have been read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autotimeline.importing.column_mapping import get_cell, get_parts
from autotimeline.importing.records import ParsedFile

COLUMN_NAMES = ("column", "key", "cells", "read")
_MAX_EXAMPLES = 3
_MAX_LENGTH = 24


@dataclass
class MappedFile:
    """A file with the columns of each key, and the number of cells of a column that are invalid or have no value."""

    parsed: ParsedFile
    columns: Mapping[str, Sequence[str]]
    unread: Counter[str] = field(default_factory=Counter)

    def summarize(self) -> Iterator[list[str]]:
        """Yield the rows of a table with COLUMN_NAMES: mapped columns in their order, then the others."""
        keys = {column: key for key, columns in self.columns.items() for column in columns}
        parts = {part for column in keys if column not in self.parsed.columns for part in column.split(",")}
        for column in dict.fromkeys([*keys, *(name for name in self.parsed.columns if name not in parts)]):
            cells = [_show(get_parts(row, column) or get_cell(row, column)) for row in self.parsed.rows]
            filled = [cell for cell in cells if cell]
            examples = " · ".join(list(dict.fromkeys(filled))[:_MAX_EXAMPLES])
            count = f"{len(filled) - self.unread[column]:,} of {len(filled):,}" if column in keys else ""
            yield [column, keys.get(column, ""), examples, count]


def _show(value: object) -> str:
    if isinstance(value, list):
        text = ", ".join(str(item) for item in value if item is not None)
    else:
        text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1] + "…"
