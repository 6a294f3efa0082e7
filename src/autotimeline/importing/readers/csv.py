"""`csv`: comma-separated values by RFC 4180, under a header; what is not sure is reported, never guessed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from autotimeline.errors import AutotimelineError
from autotimeline.exports.csv import BESIDE as BESIDE
from autotimeline.importing.records import Data, Place, Problem
from autotimeline.text import count, unguard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.importing.records import How

ENDINGS = (".csv",)

_LONGEST = (1 << 31) - 1  # characters in a cell; the standard library stops at 131,072
_OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read(text: str, file: str, how: How) -> Data:
    """Return the rows of a text, each cell a text.

    Raises:
        AutotimelineError: where it is not sure what the columns are.
    """
    csv.field_size_limit(_LONGEST)
    data, header = Data(file, flat=True), None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=how.delimiter)
    while True:
        at = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            raise AutotimelineError(f"{file}:{at}: no CSV: {_explained(str(error))}") from None
        if not cells:
            continue
        if header is None:
            header = _header(cells, file, at, how.delimiter)
            data.columns = dict.fromkeys(header)
            number = 0
            continue
        number += 1
        place = Place(file, at, number)
        if len(cells) != len(header):
            data.problems.append(Problem(place, _ragged(len(cells), len(header), how.delimiter)))
        else:
            data.row(place, dict(zip(header, cells if how.raw else map(unguard, cells), strict=True)))
    if header is None:
        raise AutotimelineError(f"{file}: it is empty: a CSV begins with the names of its columns")
    return data


def _header(cells: Sequence[str], file: str, line: int, delimiter: str) -> list[str]:
    """Return the names of the columns, where they are names, each of one column."""
    if len(cells) < 3 and cells[0].lower().startswith("sep="):
        what = f"the line {''.join(cells)} is for Excel alone: take it out"
        raise AutotimelineError(f"{file}:{line}: {what}, and say --delimiter where that is no comma")
    if len(cells) == 1:
        for mark, named in _OTHERS.items():
            if mark in cells[0] and mark != delimiter:
                shown = "$'\\t'" if mark == "\t" else f"'{mark}'"
                what = f"all of the header is one column, with {named} in it"
                raise AutotimelineError(f"{file}:{line}: {what}: if they separate the cells, say --delimiter {shown}")
    names = [unguard(cell).strip() for cell in cells]
    for at, name in enumerate(names):
        if not name:
            raise AutotimelineError(f"{file}:{line}: column {at + 1} has no name: write one in the header")
        if name in names[:at]:
            what = f'columns {names.index(name) + 1} and {at + 1} are both named "{name}"'
            raise AutotimelineError(f"{file}:{line}: {what}: give each a name of its own")
    return names


def _ragged(has: int, columns: int, delimiter: str) -> str:
    what = f"it has {count(has, 'cell')}, and the header {columns}"
    return f'{what}: quote a cell that holds "{delimiter}", a quote or a line break, or add what is missing'


def _explained(what: str) -> str:
    if "unexpected end of data" in what:
        return "the quote that opens here never closes: end the cell with a quote"
    if "expected after" in what:
        return 'a quote inside of a quoted cell ends it: write it twice, as ""'
    return f"{what}: save it as CSV once more"
