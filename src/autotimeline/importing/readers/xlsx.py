"""`xlsx`: a sheet of a workbook, with a header. Needs python-calamine, the extra `xlsx`."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing.readers._table_rows import add_table
from autotimeline.importing.readers._workbook_cells import find_errors, find_formats
from autotimeline.importing.records import ParsedFile, ReadOptions
from autotimeline.text import suggest

EXTENSIONS = (".xlsx", ".xlsm", ".ods")
IS_BINARY = True
ACCEPTS_RECORDS = True

_MIDNIGHT = time()
_MAX_SHOWN = 5


def read(data: bytes, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the rows of the only sheet with cells, or of the one that `records` names."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        what = "a workbook needs python-calamine; `pip install autotimeline[xlsx]` installs it"
        raise AutotimelineError(f"{file}: {what}") from None
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
        filled = [name for name, sheet in sheets.items() if sheet.height]
        name = _choose_sheet(file, filled, options.records)
        content = sheets[name].to_python(skip_empty_area=False)
        merged = sheets[name].merged_cell_ranges or ()
    except CalamineError as error:
        raise AutotimelineError(f"{file}: invalid workbook: {error}; save it again") from None
    parsed = ParsedFile(file, cells_are_text=True)
    add_table(parsed, _text_rows(content), "add the missing cells", raw=options.raw)
    parsed.messages += _loss_messages(file, data, merged)
    return parsed


def _loss_messages(file: str, data: bytes, merged: Sequence[Any]) -> Iterator[str]:
    """Yield what the values of cells do not contain: number formats, errors, and the content of merged cells."""
    if cells := find_formats(data):
        yield f"{file}: the number formats of cells are not read: {_join_first(cells)}; check these cells"
    if cells := find_errors(data):
        yield f"{file}: cells with errors are read as empty: {_join_first(cells)}; correct or check them"
    if merged:
        cells = [f"row {first[0] + 1} to {last[0] + 1}" for first, last in merged]
        yield f"{file}: merged cells are empty after the first: {_join_first(cells)}; fill them in, or check these rows"


def _join_first(texts: Sequence[str]) -> str:
    rest = f" and {len(texts) - _MAX_SHOWN:,} more" if len(texts) > _MAX_SHOWN else ""
    return ", ".join(texts[:_MAX_SHOWN]) + rest


def _choose_sheet(file: str, names: Sequence[str], chosen: str | None) -> str:
    if chosen is not None and chosen not in names:
        there = suggest(chosen, names) or f"; there are {', '.join(names)}"
        raise UsageError(f'--records: {file} has no sheet "{chosen}"{there}')
    if chosen is None and len(names) > 1:
        listed = ", ".join(f'"{name}"' for name in names)
        raise UsageError(f"{file}: several sheets: {listed}; name one, as --records '{names[0]}'")
    if not names:
        raise AutotimelineError(f"{file}: empty file; a table begins with the names of its columns")
    return chosen or names[0]


def _text_rows(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(rows, 1):
        yield line, [_cell_text(cell) for cell in row]


def _cell_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime) and cell.time() == _MIDNIGHT:
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
