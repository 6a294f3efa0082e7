"""`csv`: comma-separated values (RFC 4180) with a header."""

import csv
import io
from collections.abc import Sequence

from autotimeline.errors import AutotimelineError
from autotimeline.exports.csv import COMPANION_SUFFIX as COMPANION_SUFFIX
from autotimeline.importing.records import ParsedFile, ReadOptions, SourceLocation
from autotimeline.text import format_count, unguard_formula

EXTENSIONS = (".csv",)

_MAX_CELL_LENGTH = (1 << 31) - 1  # characters; the default of the standard library is 131,072
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the rows, whose cells are texts."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    parsed, header, row_number = ParsedFile(file, cells_are_text=True), None, 0
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
            continue
        row_number += 1
        location = SourceLocation(file, line, row_number)
        if len(cells) != len(header):
            parsed.add_problem(location, _cell_count_message(len(cells), len(header), options.delimiter))
        else:
            values = cells if options.raw else map(unguard_formula, cells)
            parsed.add_row(location, dict(zip(header, values, strict=True)))
    if header is None:
        raise AutotimelineError(f"{file}: it is empty: a CSV begins with the names of its columns")
    return parsed


def _read_header(cells: Sequence[str], file: str, line: int, delimiter: str) -> list[str]:
    """Return the names of the columns, after checking that they are names and distinct."""
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
