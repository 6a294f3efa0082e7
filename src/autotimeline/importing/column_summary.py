"""The columns of an imported table with their keys, some cells, and how many of the cells are valid."""

from collections.abc import Mapping, Sequence

from autotimeline.importing.column_mapping import get_cell, get_parts
from autotimeline.importing.records import ImportProblem, ParsedFile

COLUMN_NAMES = ("column", "key", "cells", "read")
_MAX_EXAMPLES = 3
_MAX_LENGTH = 24


def summarize_columns(
    parsed: ParsedFile, columns: Mapping[str, str | Sequence[str]], problems: Sequence[ImportProblem]
) -> list[list[str]]:
    """Return the rows of a table with COLUMN_NAMES: mapped columns in their order, then the others."""
    keys: dict[str, str] = {}
    for key, mapped in columns.items():
        for column in [mapped] if isinstance(mapped, str) else mapped:
            keys[column] = key
    parts = {part for column in keys if column not in parsed.columns for part in column.split(",")}
    invalid: dict[str, int] = {}
    for problem in problems:
        if problem.location.file == parsed.file:
            invalid[problem.column] = invalid.get(problem.column, 0) + 1
    result = []
    for column in [*keys, *(column for column in parsed.columns if column not in keys and column not in parts)]:
        cells = [_show(get_parts(row, column) or get_cell(row, column)) for row in parsed.rows]
        filled = [cell for cell in cells if cell]
        examples = " · ".join(list(dict.fromkeys(filled))[:_MAX_EXAMPLES])
        count = f"{len(filled) - invalid.get(column, 0):,} of {len(filled):,}" if column in keys else ""
        result.append([column, keys.get(column, ""), examples, count])
    return result


def _show(value: object) -> str:
    if isinstance(value, list):
        text = ", ".join(str(item) for item in value if item is not None)
    else:
        text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1] + "…"
