"""Equal errors of an import: one line on a terminal, and one line each in a file."""

from __future__ import annotations

from autotimeline.importing.import_options import ImportOptions
from autotimeline.importing.load import load_files
from autotimeline.importing.records import format_problems


def problems(data: bytes):
    options = ImportOptions({"map": ["title=title", "date=date"]})
    return load_files([("a.csv", data, None)], options).problems


def test_equal_errors_are_one_line_with_the_first_rows() -> None:
    data = b"title,date\n,2012\nx,2012-13-01\n" + 4 * b",2013\n" + b",1999\n"
    assert format_problems(problems(data), grouped=True) == [
        'a.csv: 6 rows, column "title": missing title, which every event has; add one (rows 1, 3, 4 and 3 more)',
        'a.csv:3: row 2, column "date": "2012-13-01" has no month 13: write 01 to 12',
    ]
    assert len(format_problems(problems(data))) == 7


def test_two_equal_errors_name_both_rows() -> None:
    assert format_problems(problems(b"title,date\nx,soon\ny,soon\n"), grouped=True) == [
        'a.csv: 2 rows, column "date": "soon" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a span '
        "of them, as 2025-01/2025-06 (rows 1, 2)"
    ]
