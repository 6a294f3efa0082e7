"""`csv`: comma-separated values by RFC 4180, under a header; what is not sure is reported, never guessed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from autotimeline.errors import AutotimelineError
from autotimeline.exports.csv import COMPANION_SUFFIX as COMPANION_SUFFIX
from autotimeline.importing.records import ImportProblem, ParsedFile, SourceLocation
from autotimeline.text import format_count, unguard_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.importing.records import ReadOptions

EXTENSIONS = (".csv",)

_MAX_CELL_LENGTH = (1 << 31) - 1  # characters in a cell; the standard library stops at 131,072
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Return the rows of a text, each cell a text.

    Raises:
        AutotimelineError: where it is not sure what the columns are.
    """
    csv.field_size_limit(_MAX_CELL_LENGTH)
    parsed, header = ParsedFile(file, cells_are_text=True), None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=options.delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise AutotimelineError(f"{file}:{line}: no CSV: {_explain_csv_error(str(error))}") from None
        if not cells:
            continue
        if header is None:
            header = _read_header(cells, file, line, options.delimiter)
            parsed.columns = dict.fromkeys(header)
            row_number = 0
            continue
        row_number += 1
        location = SourceLocation(file, line, row_number)
        if len(cells) != len(header):
            parsed.problems.append(
                ImportProblem(location, _cell_count_message(len(cells), len(header), options.delimiter))
            )
        else:
            parsed.add_row(
                location, dict(zip(header, cells if options.raw else map(unguard_formula, cells), strict=True))
            )
    if header is None:
        raise AutotimelineError(f"{file}: it is empty: a CSV begins with the names of its columns")
    return parsed


def _read_header(cells: Sequence[str], file: str, line: int, delimiter: str) -> list[str]:
    """Return the names of the columns, where they are names, each of one column."""
    if len(cells) < 3 and cells[0].lower().startswith("sep="):
        what = f"the line {''.join(cells)} is for Excel alone: take it out"
        raise AutotimelineError(f"{file}:{line}: {what}, and say --delimiter where that is no comma")
    if len(cells) == 1:
        for other_delimiter, plural in _OTHER_DELIMITERS.items():
            if other_delimiter in cells[0] and other_delimiter != delimiter:
                shown = "$'\\t'" if other_delimiter == "\t" else f"'{other_delimiter}'"
                what = f"all of the header is one column, with {plural} in it"
                raise AutotimelineError(f"{file}:{line}: {what}: if they separate the cells, say --delimiter {shown}")
    names = [unguard_formula(cell).strip() for cell in cells]
    for index, name in enumerate(names):
        if not name:
            raise AutotimelineError(f"{file}:{line}: column {index + 1} has no name: write one in the header")
        if name in names[:index]:
            what = f'columns {names.index(name) + 1} and {index + 1} are both named "{name}"'
            raise AutotimelineError(f"{file}:{line}: {what}: give each a name of its own")
    return names


def _cell_count_message(actual: int, expected: int, delimiter: str) -> str:
    what = f"it has {format_count(actual, 'cell')}, and the header {expected}"
    return f'{what}: quote a cell that holds "{delimiter}", a quote or a line break, or add what is missing'


def _explain_csv_error(message: str) -> str:
    if "unexpected end of data" in message:
        return "the quote that opens here never closes: end the cell with a quote"
    if "expected after" in message:
        return 'a quote inside of a quoted cell ends it: write it twice, as ""'
    return f"{message}: save it as CSV once more"
