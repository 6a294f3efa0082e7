"""`xlsx`: a sheet of a workbook, with a header. Needs python-calamine, the extra `xlsx`."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing.readers._table_rows import add_table
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
    parsed.messages += _loss_messages(file, content, merged)
    return parsed


def _loss_messages(file: str, rows: Sequence[Sequence[Any]], merged: Sequence[Any]) -> Iterator[str]:
    """Yield what the cells do not contain: number formats, and the values of merged cells except for the first."""
    header = next((row for row in rows if any(cell != "" for cell in row)), ())
    formatted = [
        str(name)
        for column, name in enumerate(header)
        if any(isinstance(row[column], float | date) for row in rows if row is not header)
    ]
    if formatted:
        names = ", ".join(f'"{name}"' for name in formatted)
        yield f"{file}: number formats are not read; check percent, currency, and months in column {names}"
    if merged:
        cells = ", ".join(f"row {first[0] + 1} to {last[0] + 1}" for first, last in merged[:_MAX_SHOWN])
        rest = f" and {len(merged) - _MAX_SHOWN:,} more" if len(merged) > _MAX_SHOWN else ""
        yield f"{file}: merged cells are empty after the first ({cells}{rest}); fill them in, or check these rows"


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
