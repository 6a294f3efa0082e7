"""An earliest and a latest date in two columns: some time between them, and no more than that."""

from __future__ import annotations

import calendar
import csv
import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asking import ask
from program import STORY

pytestmark = pytest.mark.usefixtures("cache")
CASES = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared")) / "cases/real"
BOUNDS = ("--map", "title=title", "--map", "earliest=begin", "--map", "latest=end")
BOWL = "title,shown,begin,end\nBowl,c. 1860,1855-01-01,1865-12-31\nCup,19th century,1801-01-01,1900-12-31\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_bytes(b"")
    return tmp_path


def test_two_bounds_and_a_display_date_become_a_date(folder):
    (folder / "in.csv").write_text(BOWL)
    assert ask("import", "in.csv", *BOUNDS, "--map", "printed=shown") == (
        0,
        "",
        "autotimeline: 2 new, 0 unchanged\n",
    )
    written = (folder / "facts.toml").read_text()
    assert written == (
        '[[event]]\nid = "bowl-1855"\ndate = "1855-01-01/1865-12-31"\nprinted = "c. 1860"\ntitle = "Bowl"\n\n'
        '[[event]]\nid = "cup-1801"\ndate = "1801-01-01/1900-12-31"\nprinted = "19th century"\ntitle = "Cup"\n'
    )
    assert ask("list", "1858", "--fields", "title,match", "-O", "tsv")[1] == (
        "title\tmatch\nCup\tpossible\nBowl\tpossible\n"
    )
    assert ask("list", "1858", "--certain", "--fields", "title", "-O", "tsv")[1] == "title\n"
    again = ask("import", "in.csv", *BOUNDS, "--map", "printed=shown")
    assert again == (0, "", "autotimeline: 0 new, 2 unchanged\n")
    assert (folder / "facts.toml").read_text() == written


@pytest.mark.skipif(not CASES.exists(), reason="the cases of real files are not here")
def test_the_real_table_of_objects(folder):
    name = str(CASES / "02-earliest-and-latest-columns/in.csv")
    assert ask("import", name, *BOUNDS, "--map", "printed=shown")[0] == 0
    got = json.loads(ask("list", "1858", "-O", "json")[1])
    assert [(event["edtf"], event["printed"], event["extent"], event["match"]) for event in got] == [
        ("1801-01-01/1900-12-31", "19th century", "within", "possible"),
        ("1855-01-01/1865-12-31", "c. 1860", "within", "possible"),
    ]
    assert json.loads(ask("list", "1858", "--certain", "-O", "json")[1]) == []


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("1855", "1865", "1855/1865"),
        ("1855", "1855", "1855"),
        ("March 1855", "1855-03", "1855-03"),
        ("1855-06-01", "1855", "1855-06-01/1855"),
        ("~1855", "1865?", "~1855/1865?"),
        ("1850s", "1865", "1850s/1865"),
        ("", "1865", "by 1865"),
        ("1855", "", "1855 or later"),
        ("", "", None),
    ],
)
def test_a_date_has_the_precision_of_its_bounds(folder, begin, end, expected):
    (folder / "in.csv").write_text(f'title,begin,end\nBowl,"{begin}","{end}"\n')
    assert ask("import", "in.csv", *BOUNDS)[0] == 0
    (event,) = json.loads(ask("list", "-O", "json")[1])
    assert (event["date"], event["extent"]) == (expected, expected and "within")


@pytest.mark.parametrize(
    ("begin", "end", "message"),
    [
        (
            "1866",
            "1865",
            'column "begin": "1866" is after the latest date, "1865" in column "end"; correct one of them',
        ),
        (
            "1855/1860",
            "1865",
            'column "begin": "1855/1860" is not one day, month, or year; write only the earliest one',
        ),
        ("1855", "by 1865", 'column "end": "by 1865" is not one day, month, or year; write only the latest one'),
    ],
)
def test_bounds_without_a_date_between_them_are_a_problem_of_the_row(folder, begin, end, message):
    (folder / "in.csv").write_text(f"title,begin,end\nCup,1801,1900\nBowl,{begin},{end}\n")
    assert ask("import", "in.csv", *BOUNDS) == (
        4,
        "",
        f"in.csv:3: row 2, {message}\n"
        "autotimeline: nothing was written: 1 invalid record of 2; fix it, or skip it with --skip-bad\n",
    )
    assert ask("import", "in.csv", *BOUNDS, "--skip-bad")[0] == 1
    assert [event["title"] for event in json.loads(ask("list", "-O", "json")[1])] == ["Cup"]


@pytest.mark.parametrize("key", ["date", "end", "period"])
def test_bounds_exclude_other_dates(folder, key):
    (folder / "in.csv").write_text(BOWL)
    code, _, message = ask("import", "in.csv", *BOUNDS, "--map", f"{key}=shown")
    what = f"excludes {key}; map the source's words for the date as printed"
    assert (code, message) == (2, f"autotimeline: --map earliest: {what}\n")


def test_columns_of_bounds_are_proposed_as_bounds(folder):
    (folder / "in.csv").write_text("title,date,Object Begin Date,Object End Date\nBowl,c. 1860,1855,1865\n")
    code, _, message = ask("import", "in.csv")
    assert code == 2
    assert message.endswith(
        "import in.csv --map title=title --map 'earliest=Object Begin Date' --map 'latest=Object End Date'"
        " --map printed=date\n"
    )


@pytest.mark.parametrize("end", ["end", "End Date"])
def test_a_proposal_of_a_period_names_the_bounds_too(folder, end):
    (folder / "in.csv").write_text(BOWL.replace("end", end))
    hint = "map them (if date and end bound one day, map them as earliest and latest), for example: "
    assert hint in ask("import", "in.csv")[2]


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.jsonl"])
def test_the_bounds_of_our_own_output_remain_derived(folder, name):
    (folder / "in.csv").write_text(BOWL)
    ask("import", "in.csv", *BOUNDS, "--map", "printed=shown")
    fields = "id,date,edtf,extent,earliest,latest,printed,title"
    assert ask("list", "--fields", fields, "-o", name)[0] == 0
    assert ask("import", name) == (0, "", "autotimeline: 0 new, 2 unchanged\n")
    (folder / "other.toml").write_bytes(b"")
    mapped = (word for key in ("title", "earliest", "latest", "printed") for word in ("--map", f"{key}={key}"))
    assert ask("-f", "other.toml", "import", name, *mapped)[0] == 0
    dates = [event["edtf"] for event in json.loads(ask("-f", "other.toml", "list", "-O", "json")[1])]
    assert dates == ["1801-01-01/1900-12-31", "1855-01-01/1865-12-31"]


def test_native_rows_whose_bounds_are_not_those_of_their_date_are_reported(folder):
    rows = "Bowl,1860,1855,1865\nCup,,1801,\nPot,1860,1860,1860-12\nJug,1860,,\nVase,,,\n"
    (folder / "in.csv").write_text(f"title,date,earliest,latest\n{rows}")
    assert ask("import", "in.csv")[2] == (
        "autotimeline: in.csv: earliest and latest are not those of the date in 2 rows, first in row 1;"
        " to import a date between them, add --map earliest=earliest --map latest=latest\n"
        "autotimeline: 5 new, 0 unchanged\n"
    )


@pytest.mark.parametrize("name", ["story.csv", "story.json"])
def test_the_bounds_of_an_output_are_those_of_its_dates(folder, name):
    assert ask("-f", str(STORY), "export", "-o", name)[0] == 0
    assert ask("import", name)[2].startswith("autotimeline: 34 new, 0 unchanged")
    assert ask("-f", str(STORY), "list", "-o", "list.json")[0] == 0
    assert ask("import", "list.json")[2] == "autotimeline: 0 new, 34 unchanged\n"


# ---------------------------------------------------------------- any two columns

YEARS = st.integers(1850, 1853)
POINTS = st.one_of(
    st.just(()),
    st.tuples(YEARS),
    st.tuples(YEARS, st.integers(1, 12)),
    st.tuples(YEARS, st.integers(1, 12), st.integers(1, 28)),
)


def first_day(point: tuple[int, ...]) -> date:
    return date(*(*point, 1, 1)[:3])


def last_day(point: tuple[int, ...]) -> date:
    year, month, day = (*point, 12, 0)[:3] if len(point) == 1 else (*point, 0)[:3]
    return date(year, month, day or calendar.monthrange(year, month)[1])


def written(point: tuple[int, ...]) -> str:
    return "-".join(f"{part:02}" for part in point)


@settings(max_examples=25)
@given(
    pairs=st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=8),
    window=st.tuples(POINTS, POINTS).filter(lambda window: all(window) and first_day(window[0]) <= last_day(window[1])),
)
def test_a_date_has_the_bounds_of_its_columns_and_is_certain_only_around_both(pairs, window, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bounds")
    store, table = str(folder / "facts.toml"), str(folder / "in.csv")
    Path(store).write_bytes(b"")
    with open(table, "w", newline="") as file:
        csv.writer(file).writerows(
            [("id", "title", "begin", "end")]
            + [(f"e{number}", "E", *map(written, pair)) for number, pair in enumerate(pairs)]
        )
    expected, possible, certain, reversed_rows = {}, set(), set(), 0
    first, last = first_day(window[0]), last_day(window[1])
    for number, (begin, end) in enumerate(pairs):
        earliest, latest = first_day(begin) if begin else None, last_day(end) if end else None
        if earliest and latest and earliest > latest:
            reversed_rows += 1
            continue
        id = f"e{number}"
        expected[id] = tuple(day and day.isoformat() for day in (earliest, latest))
        if (earliest or latest) and (earliest or first) <= last and (latest or last) >= first:
            possible.add(id)
            certain |= {id} if earliest and latest and first <= earliest and latest <= last else set()
    code, _, errors = ask("-f", store, "import", table, "--map", "id=id", *BOUNDS, "--skip-bad")
    assert (code, errors.count("is after the latest date")) == (1 if reversed_rows else 0, reversed_rows)
    events = json.loads(ask("-f", store, "list", "-O", "json")[1])
    assert {event["id"]: (event["earliest"], event["latest"]) for event in events} == expected
    query = f"date:{first}..{last}"
    for options, ids in (((), possible), (("--certain",), certain)):
        assert {event["id"] for event in json.loads(ask("-f", store, "list", query, *options, "-O", "json")[1])} == ids
