"""Rows that bring nothing new, and cells that state that there is no value."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asking import ask
from autotimeline.dates.edtf import parse_date
from autotimeline.errors import DateError, QuantityError
from autotimeline.importing.missing_values import is_missing
from autotimeline.quantities.parse import parse_quantity

pytestmark = pytest.mark.usefixtures("cache")
CASES = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared")) / "cases/real"
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="the cases of real files are not here")
PRICES = ("--map", "title=title", "--map", "date=date", "--map", "figure.price=price")
AGAIN = "and is not imported again; if both happened, give each an id of its own"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_bytes(b"")
    return tmp_path


def told(*words: object, code: int = 0) -> list[str]:
    """Import, and return the messages."""
    got, out, err = ask("import", *words)
    assert (got, out) == (code, ""), err
    return err.splitlines()


def events(*words: str) -> list[dict]:
    return json.loads(ask("list", *words, "-O", "json")[1])


# ---------------------------------------------------------------- no value

MISSING = [
    *("n/a", "N/A", "#N/A", "n.a.", "NA", "n.d.", "[n.d.]", "nd", "NaN", "null", "None", "-", "--", "—", "?", "…"),
    *("unknown", "Unknown", "(unknown)", "date unknown", "undated", "no date", "undisclosed", "Undisclosed amount"),
    *("Not disclosed", "not publicly disclosed", "amount not disclosed", "not available", "not known", "tbd", "TBA"),
    *("to be confirmed", "unspecified", "confidential", "price  undisclosed", " n/a ", "an undisclosed sum", "no data"),
]
STATED = [
    "",
    "soon",
    "nobody",
    "0",
    "1855",
    "~1855",
    "..",
    "national",
    "5",
    "<5",
    "nine",
    "unknown 5",
    "A",
    "n.d. 1855",
]


@pytest.mark.parametrize("text", MISSING)
def test_words_for_no_value(text):
    assert is_missing(text)


@pytest.mark.parametrize("text", [*STATED, None, 5, []])
def test_other_cells_have_a_value_or_an_error(text):
    assert not is_missing(text)


@given(st.from_regex("(unknown|n[./]d|none|-|~|about | |\\?|[0-9]{1,4}|/|\\.\\.){1,4}", fullmatch=True))
def test_no_date_and_no_quantity_states_that_there_is_none(text):
    if is_missing(text):
        with pytest.raises(DateError):
            parse_date(text)
        with pytest.raises(QuantityError):
            parse_quantity(text)


def test_a_figure_without_a_number_does_not_cost_the_row(folder):
    (folder / "in.csv").write_text("title,date,price\nA,2012,5 EUR\nB,2013,Undisclosed amount\nC,2014,—\n", "utf-8")
    message = 'autotimeline: in.csv: column "price": no value in 2 cells: "Undisclosed amount" (row 2), "—" (row 3)'
    assert told("in.csv", *PRICES) == [message, "autotimeline: 3 new, 0 unchanged"]
    written = (folder / "facts.toml").read_text("utf-8")
    assert [line for line in written.splitlines() if line.startswith("figures")] == [
        'figures = { price = "5 EUR" }',
        'figures = { price = { printed = "Undisclosed amount" } }',
        'figures = { price = { printed = "—" } }',
    ]
    assert told("in.csv", *PRICES) == [message, "autotimeline: 0 new, 3 unchanged"]
    assert (folder / "facts.toml").read_text("utf-8") == written


@needs_cases
def test_the_real_table_of_prices(folder):
    assert told(str(CASES / "03-figure-cells-without-number/in.csv"), *PRICES)[-1] == (
        "autotimeline: 5 new, 0 unchanged"
    )
    figures = [[(figure["text"], figure["low"]) for figure in event["figures"]] for event in events()]
    assert figures == [
        [("120m USD", 120000000)],
        [("Undisclosed amount", None)],
        [("N/A", None)],
        [("unknown", None)],
        [("—", None)],
    ]


def test_a_date_without_a_value_leaves_the_event_undated_with_its_words(folder):
    (folder / "own.csv").write_text("title,date,known\nA,n.d.,2020\nB,2019,unknown\nC,?,\n")
    assert told("own.csv") == [
        'autotimeline: own.csv: column "date": no value in 2 cells: "n.d." (row 1), "?" (row 3)',
        'autotimeline: own.csv: column "known": no value in 1 cell: "unknown" (row 2)',
        "autotimeline: 3 new, 0 unchanged",
    ]
    assert [(event["title"], event["date"], event["printed"]) for event in events()] == [
        ("B", "2019", None),
        ("A", None, "n.d."),
        ("C", None, "?"),
    ]


@pytest.mark.parametrize(
    ("row", "options", "date", "printed"),
    [
        ("n.d.,2020,", ("date=a", "end=b"), "until 2020, start unknown", None),
        ("2020,unknown,", ("date=a", "end=b"), "from 2020, end unknown", None),
        ("?,unknown,", ("date=a", "end=b"), None, "?, unknown"),
        ("n.d.,2020,", ("earliest=a", "latest=b"), "by 2020", None),
        ("n.d.,N.D.,c. 1900", ("earliest=a", "latest=b", "printed=c"), None, "c. 1900"),
        ("tbd,,", ("period=a",), None, "tbd"),
    ],
)
def test_the_words_are_kept_if_no_other_cell_states_the_date(folder, row, options, date, printed):
    (folder / "in.csv").write_text(f"title,a,b,c\nA,{row}\nB,2000,2001,\n")
    maps = [word for option in ("title=title", *options) for word in ("--map", option)]
    assert ask("import", "in.csv", *maps)[0] == 0
    (event,) = (event for event in events() if event["title"] == "A")
    assert (event["date"], event["printed"]) == (date, printed)


def test_a_column_of_ends_without_a_value_ends_nothing(folder):
    (folder / "in.csv").write_text("title,start,end\nA,2019,n/a\nB,2020,\n")
    assert told("in.csv", "--map", "title=title", "--map", "date=start", "--map", "end=end") == [
        'autotimeline: in.csv: column "end" has no value; its events have a date and no end',
        "autotimeline: 2 new, 0 unchanged",
    ]
    assert [event["date"] for event in events()] == ["2019", "2020"]


def test_a_cell_without_a_value_does_not_change_a_value_that_was_found_later(folder):
    (folder / "in.csv").write_text("id,title,date,price\na,A,n.d.,undisclosed\n")
    told("in.csv", "--map", "id=id", *PRICES)
    found = (folder / "facts.toml").read_text().replace('printed = "n.d."', 'date = "2012"')
    found = found.replace('{ printed = "undisclosed" }', '"5 EUR"')
    (folder / "facts.toml").write_text(found)
    for options in ((), ("--update",)):
        assert told("in.csv", "--map", "id=id", *PRICES, *options)[-1] == "autotimeline: 0 new, 1 unchanged"
        assert (folder / "facts.toml").read_text() == found


def test_the_cell_of_a_figure_is_named_by_its_own_column(folder):
    (folder / "in.csv").write_text("title,price,seats\nA,much,5\n")
    options = ("--map", "title=title", "--map", "figure.price=price", "--map", "figure.seats=seats")
    what = 'in.csv:2: row 1, column "price": "much": missing number; add it, or --missing much to keep only the words'
    assert told("in.csv", *options, code=4)[0] == what


# ---------------------------------------------------------------- nothing new


def test_an_identical_row_is_reported_and_imported_once(folder):
    (folder / "in.csv").write_text("title,date\nStrike,2020-01-01\nStrike,2020-01-01\n")
    assert told("in.csv") == [
        f"in.csv:3: row 2: it repeats row 1 {AGAIN}",
        "autotimeline: 1 new, 0 unchanged, 1 repeated",
    ]
    written = (folder / "facts.toml").read_text()
    assert told("in.csv") == [
        f"in.csv:3: row 2: it repeats row 1 {AGAIN}",
        "autotimeline: 0 new, 1 unchanged, 1 repeated",
    ]
    assert (folder / "facts.toml").read_text() == written
    (folder / "in.csv").write_text("id,title,date\na,Strike,2020-01-01\nb,Strike,2020-01-01\n")
    (folder / "facts.toml").write_bytes(b"")
    assert told("in.csv") == ["autotimeline: 2 new, 0 unchanged"]


@needs_cases
def test_the_real_table_with_two_equal_rows(folder):
    name = str(CASES / "13-identical-rows-of-one-file/in.csv")
    assert told(name) == [
        f"{name}:3: row 2: it repeats row 1 {AGAIN}",
        "autotimeline: 1 new, 0 unchanged, 1 repeated",
    ]


def test_many_identical_rows_are_counted(folder):
    (folder / "in.jsonl").write_text('{"id": "a", "title": "Strike"}\n' * 8)
    assert told("in.jsonl") == [
        *(f"in.jsonl:{row}: row {row}: it repeats row 1 {AGAIN}" for row in range(2, 7)),
        "autotimeline: 2 more repeat earlier rows and are not imported again",
        "autotimeline: 1 new, 0 unchanged, 7 repeated",
    ]


def test_rows_of_two_files_are_named_with_their_files(folder):
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("title,date\nStrike,2020-01-01\n")
    assert told("a.csv", "b.csv") == [
        f"b.csv:2: row 1: it repeats a.csv:2: row 1 {AGAIN}",
        "autotimeline: 1 new, 0 unchanged, 1 repeated",
    ]


CELLS = st.sampled_from(["", "2012", "n.d.", "?"]), st.sampled_from(["", "5 EUR", "undisclosed", "N/A"])


@settings(max_examples=20)
@given(rows=st.lists(st.tuples(st.sampled_from("AB"), *CELLS), min_size=1, max_size=8))
def test_a_second_import_changes_nothing_and_no_row_is_lost(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    store, table = folder / "facts.toml", folder / "in.csv"
    store.write_bytes(b"")
    table.write_text("title,date,price\n" + "".join(f"{','.join(row)}\n" for row in rows))
    first = ask("-f", str(store), "import", str(table), *PRICES)[2].splitlines()[-1]
    written = store.read_text()
    new, repeated = written.count("[[event]]"), sum(map(int, re.findall("([0-9]+) repeated", first)))
    assert first.startswith(f"autotimeline: {new} new, 0 unchanged")
    assert new + repeated == len(rows)
    assert new >= len({row[:2] for row in rows if row[1]})
    again = ask("-f", str(store), "import", str(table), *PRICES)[2].splitlines()[-1]
    assert again.startswith("autotimeline: 0 new, ")
    assert store.read_text() == written


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("in.csv", "title,date\n", "a header and no rows"),
        ("in.csv", "Name,Opened\n", "a header and no rows"),
        ("in.json", "[]", "no events"),
        ("in.jsonl", "", "no events"),
        ("in.toml", "", "no events"),
    ],
)
def test_a_file_without_rows_is_reported(folder, name, text, what):
    (folder / name).write_text(text)
    assert told(name) == [
        f"autotimeline: {name}: {what}; nothing is imported from it",
        "autotimeline: 0 new, 0 unchanged",
    ]
