"""`xlsx`: a workbook with a sheet each for events, figures, sources, actors, and the snapshot header."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from autotimeline.errors import AutotimelineError
from autotimeline.exports._temporary_file import building_error, copy_built_file
from autotimeline.keys import KEYS
from autotimeline.query.columns import COLUMNS
from autotimeline.render.canvas import Canvas
from autotimeline.reports.figures import FIGURE_FIELDS, stated_figures
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.table import Column, cell_to_text
from autotimeline.text import GUARDED_FIRST_CHARS, escape_control, format_count

EXTENSIONS = (".xlsx",)
IS_BINARY = True
"""The output is not text, and not for a terminal."""

# The location of a store is not part of its contents.
_EVENT_COLUMNS = [column.column for name, column in COLUMNS.items() if name not in ("file", "line")]
_DATE_COLUMNS = ("date", "earliest", "latest", "known", "period", "published", "today", "as_of")
# Before March 1900, Excel counts a day that did not exist: https://learn.microsoft.com/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year
_FIRST_DATE = date(1900, 3, 1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# The limits of Excel: rows of a sheet, UTF-16 units of a text, characters and number of links.
_MAX_ROWS, _MAX_TEXT, _MAX_URL, _MAX_LINKS = 1_048_576, 32_767, 2_079, 65_530
_LINK = re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+", re.ASCII)
_NARROWEST, _WIDEST, _FILTER_BUTTON = 8, 60, 3  # in characters


def write(snapshot: SelectionSnapshot, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> Sequence[str]:
    """Write the workbook, and return a note about the texts that are too long for a cell.

    Raises:
        AutotimelineError: If XlsxWriter is missing, a sheet has too many rows, or the temporary directory is full.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        message = "a workbook is written with the package XlsxWriter; install it: pip install 'autotimeline[xlsx]'"
        raise AutotimelineError(message) from None
    cut_cells = 0

    def build(path: str) -> None:
        nonlocal cut_cells
        # Rows go to temporary files, because a store may have a million.
        workbook = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": os.path.dirname(path)})
        try:
            writer = _WorkbookWriter(workbook)
            writer.add_sheets(snapshot)
            workbook.close()
        except (OSError, FileCreateError) as error:
            raise building_error(path, error.args[0] if isinstance(error, FileCreateError) else error) from None
        finally:
            for sheet in workbook.worksheets():
                with suppress(OSError):
                    sheet.row_data_fh.close()
        cut_cells = writer.cut_cells

    copy_built_file(build, out)
    return [f"{format_count(cut_cells, 'cell')} cut to {_MAX_TEXT:,} characters"] if cut_cells else []


class _WorkbookWriter:
    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.cut_cells = 0
        # A text that begins like a formula stays text if it is edited.
        self.quoted = workbook.add_format({"quote_prefix": True})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.heading = workbook.add_format({"bold": True, "bottom": 1})
        workbook.use_zip64()

    def add_sheets(self, snapshot: SelectionSnapshot) -> None:
        selection, tables = snapshot.selection, snapshot.tables
        title = {name: value for name, value in tables["store"].items() if name == "title"}
        # The same snapshot has the same bytes at any time.
        self.workbook.set_properties({**title, "created": datetime(2000, 1, 1)})
        self.add_sheet("Events", _EVENT_COLUMNS, selection.rows([column.name for column in _EVENT_COLUMNS]))
        figures = (figure.cells for figure in stated_figures(selection))
        self.add_sheet("Figures", list(map(Column, FIGURE_FIELDS)), figures)
        for name, kind in (("Sources", "source"), ("Actors", "actor")):
            keys = list(KEYS[kind])
            rows = ([id, *map(entry.get, keys)] for id, entry in tables.get(kind, {}).items())
            self.add_sheet(name, list(map(Column, ("id", *keys))), rows)
        header = {**title, **snapshot.header}
        self.add_sheet("Snapshot", list(map(Column, header)), [list(header.values())])

    def add_sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """Add a sheet with a frozen header and filters.

        Raises:
            AutotimelineError: If it has more rows than a sheet can have.
        """
        sheet = self.workbook.add_worksheet(name)
        widths = [max(_NARROWEST, len(column.name) + _FILTER_BUTTON) for column in columns]
        writers = [self._cell_writer(sheet, column) for column in columns]
        sheet.write_row(0, 0, [column.name for column in columns], self.heading)
        last_row = 0
        for last_row, row in enumerate(rows, 1):
            if last_row >= _MAX_ROWS:
                limit = f"more than {_MAX_ROWS - 1:,} rows, the limit of a workbook"
                raise AutotimelineError(f"{name}: {limit}; add a query, or choose another format, such as -O sqlite")
            for position, (cell, write_cell) in enumerate(zip(row, writers, strict=True)):
                if cell is not None:
                    widths[position] = max(widths[position], write_cell(last_row, position, cell))
        for position, width in enumerate(widths):
            sheet.set_column(position, position, min(width, _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last_row, len(columns) - 1)
        # Years are text, and Excel would mark each of them.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_MAX_ROWS}"})

    def _cell_writer(self, sheet: Any, column: Column) -> Callable[[int, int, Any], int]:
        """Return a function that writes a cell of a column and returns its width in characters."""
        is_date = column.name in _DATE_COLUMNS
        links = 0

        def write_cell(row: int, position: int, cell: Any) -> int:
            nonlocal links
            if isinstance(cell, bool):
                sheet.write_boolean(row, position, cell)
                return 0
            if isinstance(cell, (int, Decimal)):
                # It has at most 15 digits, as many as a floating-point number holds exactly.
                sheet.write_number(row, position, float(cell))
                return len(str(cell))
            text = self.fit(cell_to_text(cell, column))
            if is_date and (day := _parse_day(text)):
                sheet.write_datetime(row, position, day, self.day)
            elif column.name == "url" and links < _MAX_LINKS and len(text) <= _MAX_URL and _LINK.fullmatch(text):
                links += 1
                sheet.write_url(row, position, text, string=text)
            elif text:
                sheet.write_string(row, position, text, self.quoted if text[0] in GUARDED_FIRST_CHARS else None)
            return max(map(len, text.split("\n")))

        return write_cell

    def fit(self, text: str) -> str:
        """Return the text without characters that XML excludes, cut to what a cell can contain."""
        text = escape_control(text.replace("\r\n", "\n"), keep="\t\n")
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would write it as markup.
            text = "\\x3c" + text[1:]
        if len(text) * 2 > _MAX_TEXT and len(encoded := text.encode("utf-16-le")) > 2 * _MAX_TEXT:
            self.cut_cells += 1
            text = encoded[: 2 * (_MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
        return text


def _parse_day(text: str) -> date | None:
    """Return the day that a spreadsheet can contain as a date, None for any other date."""
    if not _DAY.fullmatch(text):
        return None
    day = date.fromisoformat(text)
    return day if day >= _FIRST_DATE else None
