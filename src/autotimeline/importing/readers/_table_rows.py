"""Rows of cells below a header, for `csv` and `xlsx`."""

from collections.abc import Iterable, Sequence

from autotimeline.errors import AutotimelineError
from autotimeline.importing.records import ParsedFile, SourceLocation
from autotimeline.text import format_count, unguard_formula


def add_table(parsed: ParsedFile, rows: Iterable[tuple[int, list[str]]], quoting_hint: str, *, raw: bool) -> None:
    """Add the rows of a table, each with its line; the first that is not empty is the header.

    A single cell above a wider row is a title, and the header follows.
    """
    header: list[str] | None = None
    row_number, title = 0, ""
    for line, cells in rows:
        filled = [cell for cell in cells if cell.strip()]
        if not filled:
            continue
        if row_number == 0 and title and len(filled) > 1:
            what = f'"{title}" above line {line} is read as a title, and that line as the header'
            parsed.messages.append(f"{parsed.file}: {what}")
            header = None
        if header is None:
            header = _name_columns(parsed, cells)
            parsed.columns = dict.fromkeys(header)
            title = filled[0].strip() if len(filled) == 1 else ""
            continue
        row_number += 1
        location = SourceLocation(parsed.file, line, row_number)
        if not any(map(str.strip, cells[len(header) :])):
            del cells[len(header) :]
        if len(cells) != len(header):
            what = f"it has {format_count(len(cells), 'cell')}, and the header {len(header)}"
            parsed.add_problem(location, f"{what}: {quoting_hint}")
        else:
            values = cells if raw else map(unguard_formula, cells)
            parsed.add_row(location, dict(zip(header, values, strict=True)))
    if header is None:
        raise AutotimelineError(f"{parsed.file}: empty file; a table begins with the names of its columns")
    _drop_unnamed(parsed, header)


def _name_columns(parsed: ParsedFile, cells: Sequence[str]) -> list[str]:
    """Return distinct names of the columns; one without a name has its number."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = unguard_formula(cell).strip()
        unique = name or f"column {number}"
        count = 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        if name and unique != name:
            parsed.messages.append(f'{parsed.file}: repeated column "{name}"; column {number} is "{unique}"')
        names.append(unique)
    return names


def _drop_unnamed(parsed: ParsedFile, header: Sequence[str]) -> None:
    """Remove the columns that have neither a name nor a value."""
    for number, name in enumerate(header, 1):
        if name == f"column {number}" and not any(row.cells[name].strip() for row in parsed.rows):
            del parsed.columns[name]
            for row in parsed.rows:
                del row.cells[name]
