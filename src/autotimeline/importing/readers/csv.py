"""`csv`: comma-separated values (RFC 4180) with a header, or another delimiter, such as tabs."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Literal

from autotimeline.errors import AutotimelineError
from autotimeline.exports.csv import COMPANION_SUFFIX as COMPANION_SUFFIX
from autotimeline.importing.native_rows import is_native
from autotimeline.importing.readers._table_rows import add_table
from autotimeline.importing.records import ParsedFile, ReadOptions

EXTENSIONS = (".csv", ".tsv", ".tab")

_MAX_CELL_LENGTH = (1 << 31) - 1  # characters; the default of the standard library is 131,072
_OTHER_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "bar"}
_SEPARATOR_LINE = re.compile('"?sep=(.)"?\r?\n?')  # written for Excel
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|.)")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the rows, whose cells are texts."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    parsed = ParsedFile(file, cells_are_text=True)
    first_line = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    delimiter, stated = options.delimiter, _SEPARATOR_LINE.fullmatch(first_line)
    if delimiter is None and stated:
        delimiter = stated[1]
    elif delimiter is None and file.lower().endswith((".tsv", ".tab")):
        delimiter = "\t"
    elif delimiter is None:
        delimiter = _detect_delimiter(first_line)
        if delimiter != ",":
            parsed.messages.append(f"{file}: read with --delimiter {_OTHER_DELIMITERS[delimiter]}")
    hint = f'quote a cell that contains "{delimiter}", a quote, or a line break, or add the missing cells'
    rows = _read_rows(text, file, delimiter, skip_line=bool(stated))
    if delimiter == "\t" and '"' not in first_line and is_native(first_line.rstrip("\r\n").split("\t")):
        rows = _read_tab_separated(text)
    elif delimiter == "\t":
        try:
            rows = iter(list(rows))
        except AutotimelineError:
            # Excel quotes cells with tabs; other programs do not quote at all.
            parsed.messages.append(f"{file}: quotes do not pair up, and are read as text")
            rows = _read_rows(text, file, delimiter, skip_line=bool(stated), quoting=csv.QUOTE_NONE)
    add_table(parsed, rows, hint, raw=options.raw)
    return parsed


def _read_rows(
    text: str, file: str, delimiter: str, *, skip_line: bool, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter, quoting=quoting)
    line = 1
    try:
        for cells in reader:
            if not (skip_line and line == 1):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise AutotimelineError(f"{file}:{line}: invalid CSV: {_explain_csv_error(str(error))}") from None


def _read_tab_separated(text: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of our own output, which has no quotes, and `\t`, `\n`, and `\\` in cells."""
    for line, content in enumerate(text.split("\n"), 1):
        yield line, [_ESCAPE.sub(_unescape, cell) for cell in content.removesuffix("\r").split("\t")]


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, match[0])


def _detect_delimiter(header: str) -> str:
    """Return the comma, or another character that separates a header without commas."""
    if len(next(csv.reader([header]), [])) > 1:
        return ","
    return max(_OTHER_DELIMITERS, key=header.count) if any(each in header for each in _OTHER_DELIMITERS) else ","


def _explain_csv_error(message: str) -> str:
    if "unexpected end of data" in message:
        return "the quote that opens here never closes; end the cell with a quote"
    if "expected after" in message:
        return 'a quote inside of a quoted cell ends it; write it twice, as ""'
    return f"{message}; save it as CSV again"
