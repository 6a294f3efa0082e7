"""What is brought from others' data: by a mapping, all or nothing, and once."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import program
from asking import ask
from autotimeline import plugins
from autotimeline.importing import readers
from autotimeline.importing.date_formats import DateReader
from autotimeline.importing.records import ReadOptions
from autotimeline.text import guard_formula

pytestmark = pytest.mark.usefixtures("cache")
SHARED = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared"))
REAL = SHARED / "realdata"
SPECTRUM = SHARED / "suites/csv-spectrum"

STORE = """\
[source.s]
title = "S"
published = "2025-12"

[actor.a]
name = "Alpha"
aliases = ["First"]

[[event]]
id = "old"   # by hand
date = "2024"
title = "Old"
kind = "deal"
actors = ["a"]
sources = ["s"]
"""
ROWS = "when,what,who\n2025-03,Alpha opens,first\n2024,Beta closes,Beta\n"
MAP = ("--map", "date=when", "--map", "title=what", "--map", "actor.owner=who")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")
    return tmp_path


def store(folder: Path) -> str:
    return (folder / "facts.toml").read_bytes().decode()


def told(*words: object, code: int = 0) -> list[str]:
    """Import, and return what is told, line by line."""
    got, out, err = ask("import", *words)
    assert (got, out) == (code, ""), err
    return err.splitlines()


def said(*query: str) -> list[dict]:
    code, out, err = ask("list", *query, "-O", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


NEW = """
[actor.beta]
name = "Beta"

[[event]]
id = "old"   # by hand
date = "2024"
title = "Old"
kind = "deal"
actors = ["a"]
sources = ["s"]

[[event]]
id = "alpha-opens-2025"
date = "2025-03"
title = "Alpha opens"
kind = "opening"
actors = { owner = ["a"] }
tags = ["x"]
sources = ["s"]

[[event]]
id = "beta-closes-2024"
date = "2024"
title = "Beta closes"
kind = "opening"
actors = { owner = ["beta"] }
tags = ["x"]
sources = ["s"]
"""
CONSTANT = ("--kind", "opening", "--tag", "x", "--source", "s")


def test_rows_become_events_behind_those_that_are_there(folder):
    assert told("rows.csv", *MAP, *CONSTANT) == ["autotimeline: 2 new, 0 unchanged; also new: 1 actor"]
    assert store(folder) == STORE[: STORE.index("\n[[event]]")] + NEW
    once = store(folder)
    assert told("rows.csv", *MAP, *CONSTANT) == ["autotimeline: 0 new, 2 unchanged"]
    assert store(folder) == once
    assert ask("check", "--today", "2026-01-01")[0] == 0
    assert ask("undo")[0] == 0
    assert store(folder) == STORE


def test_a_mapping_that_is_kept_says_the_same(folder):
    (folder / "rows.toml").write_text(
        'kind = "opening"\ntag = "x"\nsource = ["s"]\n[map]\ndate = "when"\ntitle = "what"\nactor.owner = "who"\n',
        "utf-8",
    )
    told("rows.csv", "--mapping", "rows.toml")
    kept = store(folder)
    ask("undo")
    told("rows.csv", *MAP, *CONSTANT)
    assert store(folder) == kept
    # What stands on the command line counts more.
    ask("undo")
    told("rows.csv", "--mapping", "rows.toml", "--kind", "closing")
    assert {event["kind"] for event in said("tag:x")} == {"closing"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "kin = 1",
            'unknown key "kin"; did you mean "kind"?; there are map, split, value, default_unit, ',
        ),
        ("kind = 1", "kind: must be text\n"),
        ('kind = ["deal"]', "kind: must be text\n"),
        ("tag = [1]", "tag: must be text, or a list of texts"),
        ('map = "x"', "map: must be a table [map] of keys and columns"),
        ("[map]\ntitle = 1", "[map] title: must be the name of a column, or a list of names"),
        ("x", "1: invalid TOML: expected '=' after a key in a key/value pair (column 2)"),
    ],
)
def test_a_mapping_file_that_is_none(folder, text, why):
    (folder / "m.toml").write_text(text, "utf-8")
    (line,) = told("rows.csv", "--mapping", "m.toml", code=2)
    assert why in f"{line}\n"


def test_columns_of_which_nothing_is_taken_are_told(folder):
    lines = told("rows.csv", "--map", "title=what")
    assert lines == [
        'autotimeline: rows.csv: unused columns: "when", "who"',
        "autotimeline: 2 new, 0 unchanged",
    ]


def test_a_dry_run_shows_the_first_blocks_and_writes_nothing(folder):
    rows = "".join(f"2025,Opening {n},First\n" for n in range(5)) + "soon,Last,First\n"
    (folder / "rows.csv").write_text("when,what,who\n" + rows, "utf-8")
    code, out, err = ask("import", "rows.csv", *MAP, "--dry-run")
    assert code == 4
    assert out.count("[[event]]") == 3
    assert out.endswith('actors = { owner = ["a"] }\n\n# and 2 events more\n')
    assert tomllib.loads(out)["event"][0]["title"] == "Opening 0"
    assert err.splitlines() == [
        'rows.csv:7: row 6, column "when": "soon" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, 2025 or a '
        "span of them, as 2025-01/2025-06",
        "autotimeline: 5 new, 0 unchanged, 1 skipped",
    ]
    assert store(folder) == STORE


def test_all_or_nothing_and_what_is_bad_is_left_out_where_that_is_wished(folder):
    (folder / "rows.csv").write_text(ROWS + "soon,Gamma,First\n", "utf-8")
    assert told("rows.csv", *MAP, code=4)[-1].endswith(
        "nothing was written: 1 invalid record of 3; fix it, or skip it with --skip-bad"
    )
    assert store(folder) == STORE
    lines = told("rows.csv", *MAP, "--skip-bad", code=1)
    assert lines[0].startswith('rows.csv:4: row 3, column "when": "soon" is not a date')
    assert lines[1] == "autotimeline: 2 new, 0 unchanged, 1 skipped; also new: 1 actor"
    # Who is named by a row alone that was left out is not there.
    (folder / "rows.csv").write_text(ROWS + "soon,Gamma,Gamma\n", "utf-8")
    told("rows.csv", *MAP, "--skip-bad", code=1)
    assert "Gamma" not in store(folder)


def test_what_the_store_as_a_whole_refuses_is_told_by_its_row(folder):
    own = "id,title,actors,figures\nx,One,a,\ny,Two,nobody,\nz,Three,,cost=5 EUR | of=alpha\n"
    (folder / "own.csv").write_text(own, "utf-8")
    lines = told("own.csv", code=4)
    assert lines[:2] == [
        'own.csv:3: row 2, column "actors": no actor "nobody"; `autotimeline add actor:nobody` defines it',
        'own.csv:4: row 3, column "figures": figures.cost.of: no actor "alpha"; '
        "`autotimeline add actor:alpha` defines it",
    ]
    assert store(folder) == STORE
    assert told("own.csv", "--skip-bad", code=1)[-1] == "autotimeline: 1 new, 0 unchanged, 2 skipped"
    assert [event["id"] for event in said()] == ["old", "x"]


def test_an_event_that_says_otherwise_is_updated_only_where_that_is_wished(folder):
    (folder / "own.csv").write_text("id,title,date,kind\nold,New,2023,deal\n", "utf-8")
    assert told("own.csv", code=4)[0] == (
        'own.csv:2: row 1: event "old" already exists with different values: date: "2024" exists, "2023" imported;'
        ' title: "Old" exists, "New" imported; overwrite it with --update'
    )
    assert store(folder) == STORE
    assert told("own.csv", "--update") == [
        'own.csv:2: row 1: event "old" is updated: date: "2024" becomes "2023"; title: "Old" becomes "New"',
        "autotimeline: 0 new, 0 unchanged, 1 updated",
    ]
    # What the file says nothing of stays, comments too.
    assert store(folder) == STORE.replace('"2024"\ntitle = "Old"', '"2023"\ntitle = "New"')


def test_what_two_rows_update_otherwise_is_refused(folder):
    (folder / "own.csv").write_text("id,title,kind\nold,Old,a\nold,Old,b\nold,Old,a\n", "utf-8")
    assert told("own.csv", "--update", code=4)[0] == (
        'own.csv:3: row 2: the id "old" has different values in own.csv:2: row 1: kind: "a" exists, "b" imported;'
        " give each event an id of its own"
    )
    assert store(folder) == STORE
    assert told("own.csv", "--update", "--skip-bad", code=1)[-1] == (
        "autotimeline: 0 new, 0 unchanged, 1 updated, 1 repeated, 1 skipped"
    )
    assert store(folder) == STORE.replace('"deal"', '"a"')


def test_a_problem_of_an_update_is_that_of_the_row_that_wishes_it(folder):
    (folder / "one.csv").write_text("id,title,actors\nold,Old,nobody\n", "utf-8")
    (folder / "two.csv").write_text("id,title\nold,New\n", "utf-8")
    problem = 'one.csv:2: row 1, column "actors": no actor "nobody"; `autotimeline add actor:nobody` defines it'
    assert told("one.csv", "two.csv", "--update", code=4)[0] == problem
    assert store(folder) == STORE
    lines = told("one.csv", "two.csv", "--update", "--skip-bad", code=1)
    assert lines[1:] == [problem, "autotimeline: 0 new, 0 unchanged, 1 updated, 1 skipped"]
    assert store(folder) == STORE.replace('"Old"', '"New"')


def test_marks_in_a_name_are_no_part_of_the_id_that_is_made_of_it(folder):
    (folder / "rows.csv").write_text('what,who\nOne,"Amazon.com, Inc."\nTwo,Beta (UK)\n', "utf-8")
    told("rows.csv", "--map", "title=what", "--map", "actor=who")
    assert {actor["id"] for event in said() for actor in event["actors"]} == {"a", "amazon-com-inc", "beta-uk"}


def test_a_likely_twin_is_told_and_brought(folder):
    (folder / "rows.csv").write_text("when,what,who\n2024-05,Old,Alpha\n", "utf-8")
    lines = told("rows.csv", "--map", "date=when", "--map", "title=what", "--map", "actor=who")
    assert lines[0].startswith('rows.csv:2: row 1: event "old-2024" is likely a duplicate of event "old": ')
    assert lines[1] == "autotimeline: 1 new, 0 unchanged"


def test_rows_that_say_the_same_are_one_event(folder):
    (folder / "rows.csv").write_text(ROWS + ROWS.partition("\n")[2], "utf-8")
    assert told("rows.csv", *MAP) == [
        "rows.csv:4: row 3: it repeats row 1 and is not imported again; if both happened, give each an id of its own",
        "rows.csv:5: row 4: it repeats row 2 and is not imported again; if both happened, give each an id of its own",
        "autotimeline: 2 new, 0 unchanged, 2 repeated; also new: 1 actor",
    ]


def test_a_start_and_an_end_make_a_period(folder):
    (folder / "rows.csv").write_text("a,b,what\n2020,2021-05,p\n2022,,q\n,2019,r\n,,s\n~2018,2020?,t\n", "utf-8")
    told("rows.csv", "--map", "date=a", "--map", "end=b", "--map", "title=what")
    found = {event["title"]: (event["edtf"], event["extent"]) for event in said() if event["id"] != "old"}
    assert found == {
        "p": ("2020/2021-05", "throughout"),
        "q": ("2022/", "throughout"),
        "r": ("/2019", "throughout"),
        "s": (None, None),
        "t": ("2018~/2020?", "throughout"),
    }


def test_objects_in_objects_lists_and_numbers(folder):
    rows = {"meta": 1, "all": [{"n": 300, "at": {"city": "Turin"}, "who": ["First", "Beta"], "sum": 1.50, "y": 2006}]}
    (folder / "rows.json").write_text(json.dumps(rows), "utf-8")
    told(
        "rows.json",
        *(f"--map={word}" for word in ("title=n", "place=at.city", "actor=who", "figure.cost=sum", "date=y")),
    )
    (event,) = said("date:2006")
    assert (event["title"], event["places"], event["date"]) == ("300", ["Turin"], "2006")
    assert [actor["id"] for actor in event["actors"]] == ["a", "beta"]
    assert event["figures"][0]["text"] == "1.5"


def test_addresses_are_sources_once(folder):
    rows = "what,src\nx,https://www.example.org/A/b?c=1\ny,https://www.example.org/A/b?c=1\nz,s\nw,S\nv,The Gazette\n"
    (folder / "rows.csv").write_text(rows, "utf-8")
    assert told("rows.csv", "--map", "title=what", "--map", "source=src")[-1].endswith("also new: 2 sources")
    assert {event["title"]: event["sources"][0]["id"] for event in said()} == {
        "Old": "s",
        "x": "example-org-a-b-c-1",
        "y": "example-org-a-b-c-1",
        "z": "s",
        "w": "s",
        "v": "the-gazette",
    }
    before = store(folder)
    told("rows.csv", "--map", "title=what", "--map", "source=src")
    assert store(folder) == before


def test_json_tells_who_is_who_where_the_store_does_not(folder):
    rows = [
        {
            "id": "n",
            "title": "New",
            "actors": [{"id": "a", "name": "Another"}, {"id": "c", "name": "Gamma"}],
            "sources": [{"id": "t", "title": "T", "published": "~2023", "url": "https://e.org", "origin": "o"}],
        }
    ]
    (folder / "rows.json").write_text(json.dumps(rows), "utf-8")
    assert told("rows.json") == [
        'autotimeline: actor "a" is "Alpha" in the store and "Another" in rows.json: the store\'s name stays',
        "autotimeline: 1 new, 0 unchanged; also new: 1 source, 1 actor",
    ]
    expected = '[source.t]\ntitle = "T"\npublished = "2023~"\nurl = "https://e.org"\norigin = "o"\n'
    assert expected in store(folder)


def test_each_new_alias_is_counted_whether_the_store_has_some_or_none(folder):
    (folder / "more.toml").write_text('[alias]\none = "kind:deal"\ntwo = "actor:a"\n', "utf-8")
    assert told("more.toml") == ["autotimeline: 0 new, 0 unchanged; also new: 2 aliases"]
    (folder / "more.toml").write_text('[alias]\none = "kind:deal"\nthree = "2024"\n', "utf-8")
    assert told("more.toml") == ["autotimeline: 0 new, 0 unchanged; also new: 1 alias"]
    assert '[alias]\none = "kind:deal"\ntwo = "actor:a"\nthree = "2024"\n' in store(folder)


def test_the_file_beside_a_csv_tells_who_is_who(folder):
    (folder / "own.csv").write_text("id,title,actors,sources\nn,'=New,c,t\n", "utf-8")
    beside = {"snapshot": {}, "csv": {"raw": True}, "source": {"t": {"title": "T"}}, "actor": {"c": {"name": "Gamma"}}}
    (folder / "own.csv.meta.json").write_text(json.dumps(beside), "utf-8")
    assert told("own.csv") == ["autotimeline: 1 new, 0 unchanged; also new: 1 source, 1 actor"]
    (event,) = said("id:n")
    # The cells are as they are: so the file beside says.
    assert event["title"] == "'=New"


def test_a_guard_is_taken_off(folder):
    (folder / "own.csv").write_text("title,note\n'=x,''=y\n'z,'-5\n", "utf-8")
    told("own.csv")
    assert [(event["title"], event["note"]) for event in said("not", "id:old")] == [("=x", "'=y"), ("'z", "'-5")]
    ask("undo")
    told("own.csv", "--raw")
    assert [(event["title"], event["note"]) for event in said("not", "id:old")] == [("'=x", "''=y"), ("'z", "'-5")]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("csv", "title,date\nx,2024\n"),
        ("json", '[{"title": "x", "date": "2024"}]'),
        ("json", '{"title": "x", "date": "2024"}'),
        ("jsonl", '{"title": "x", "date": "2024"}\n{"title": "y"}\n'),
        ("toml", '[[event]]\ntitle = "x"\ndate = "2024"\n'),
        ("toml", 'title = "x"\ndate = 2024\n'),
        ("toml", '# a store\n[actor.n]\nname = "N"\n'),
    ],
)
def test_standard_input_tells_its_form(folder, form, text):
    env = program.environment(folder / "cache")
    for words in ([], ["--from", form]):
        done = program.run("import", "-", *words, "--dry-run", cwd=folder, env=env, stdin=text.encode())
        assert (done.returncode, b"unchanged" in done.stderr) == (0, True), done.stderr.decode()
        assert done.stdout.startswith(b"[")


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_and_mark_of_the_store_stay(folder, lines, mark):
    (folder / "facts.toml").write_bytes((mark + STORE.replace("\n", lines)).encode())
    (folder / "rows.csv").write_bytes(("\ufeff" + ROWS.replace("\n", "\r\n")).encode())
    told("rows.csv", *MAP, *CONSTANT)
    assert store(folder) == mark + (STORE[: STORE.index("\n[[event]]")] + NEW).replace("\n", lines)


def test_which_file_of_the_store_takes_it(folder):
    (folder / "more.toml").write_text("", "utf-8")
    both = ("-f", "facts.toml", "-f", "more.toml")
    code, _, err = ask(*both, "import", "rows.csv", *MAP)
    assert (code, "--into" in err) == (2, True)
    code, _, err = ask(*both, "import", "rows.csv", *MAP, "--into", "more.toml")
    assert (code, err) == (0, "autotimeline: 2 new, 0 unchanged; also new: 1 actor\n")
    assert store(folder) == STORE
    assert (folder / "more.toml").read_text("utf-8").count("[[event]]") == 2


def test_ten_thousand_rows_are_shown_coming_on_a_terminal(folder):
    rows = "".join(f"{1900 + n % 120},Event number {n},Beta {n % 10}\n" for n in range(10_000))
    (folder / "rows.csv").write_text("when,what,who\n" + rows, "utf-8")
    env = program.environment(folder / "cache", NO_COLOR="1")
    code, sent = program.terminal(["import", "rows.csv", *MAP], cwd=folder, env=env)
    assert code == 0
    assert "Reading the " in sent  # rows or store: which of them takes long is the machine's affair
    assert sent.endswith("autotimeline: 10,000 new, 0 unchanged; also new: 10 actors\n")


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("format", "text", "edtf"),
    [
        ("%d/%m/%Y", "10/11/2025", "2025-11-10"),
        ("%m/%d/%Y", "10/11/2025", "2025-10-11"),
        ("%m/%Y", "3/2025", "2025-03"),
        ("%Y", "2025", "2025"),
        ("%d/%m/%Y", "2025H1", "2025-40"),
        ("%d %b %Y %H:%M", "1 Mar 2020 23:59", "2020-03-01"),
        ("%Y-%m-%dT%H:%M:%S%z", "2020-03-01T23:59:00-08:00", "2020-03-01"),
        (None, "Oct 2023", "2023-10"),
        (None, "about 2023", "2023~"),
    ],
)
def test_a_date_is_as_precise_as_its_format(format, text, edtf):
    assert DateReader([format] if format else []).read(text).edtf == edtf


@pytest.mark.parametrize("text", ["31/02/2025", "1٠/11/2025", "10/11/25", "10/11/2025 or so", ""])
def test_what_a_format_does_not_read_is_no_date(text):
    from autotimeline.errors import DateError

    with pytest.raises(DateError):
        DateReader(["%d/%m/%Y"]).read(text)


# ---------------------------------------------------------------- CSV

ANY = st.text(st.one_of(st.sampled_from("\t\r\n\\'\"=+-@,; \x00\x1b"), st.characters(exclude_categories=["Cs"])))


@settings(suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(ANY, min_size=2, max_size=2), max_size=4))
def test_cells_come_back_as_they_were_guarded(rows):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(
        [["a", "b"], *([guard_formula(cell) for cell in row] for row in rows)]
    )
    data = plugins.load(readers, "csv").read(out.getvalue(), "x.csv", ReadOptions())
    assert [list(row.cells.values()) for row in data.rows] == [
        row for row in rows if any(guard_formula(cell).strip() for cell in row)
    ]


@pytest.mark.skipif(not SPECTRUM.exists(), reason="the suite csv-spectrum is not here")
@pytest.mark.parametrize("path", sorted((SPECTRUM / "csvs").glob("*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum(path):
    expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text("utf-8"))
    data = plugins.load(readers, "csv").read(path.read_bytes().decode("utf-8-sig"), path.name, ReadOptions())
    assert data.problems == []
    assert [row.cells for row in data.rows] == expected


# ---------------------------------------------------------------- a column without values

# Four files that say the same: their ends are blank, white space, null and absent, in every row.
NO_ENDS = {
    "x.csv": "id,date,end,title\na,2013-02-27,,First\nb,2014-05-01, \u00a0,Second\n",
    "x.json": '[{"id": "a", "date": "2013-02-27", "end": null, "title": "First"},'
    ' {"id": "b", "date": "2014-05-01", "end": [], "title": "Second"}]',
    "x.jsonl": '{"id": "a", "date": "2013-02-27", "end": " ", "title": "First"}\n'
    '{"id": "b", "date": "2014-05-01", "title": "Second"}\n',
    "x.toml": '[[facts]]\nid = "a"\ndate = 2013-02-27\nend = ""\ntitle = "First"\n'
    '[[facts]]\nid = "b"\ndate = 2014-05-01\nend = "\\t"\ntitle = "Second"\n',
}
ID_DATE_TITLE = ("--map", "id=id", "--map", "title=title", "--map", "date=date")


@pytest.mark.parametrize("name", NO_ENDS)
def test_an_end_without_a_value_is_not_proposed_and_ends_nothing(name, folder):
    (folder / name).write_text(NO_ENDS[name], "utf-8")
    (folder / "facts.toml").write_bytes(b"")
    (refused,) = told(name, code=2)
    assert refused.endswith(f"autotimeline import {name} --map id=id --map title=title --map date=date")
    assert told(name, *ID_DATE_TITLE, "--map", "end=end") == [
        f'autotimeline: {name}: column "end" has no value; its events have a date and no end',
        "autotimeline: 2 new, 0 unchanged",
    ]
    assert [event["date"] for event in said()] == ["2013-02-27", "2014-05-01"]
    assert ask("list", "period:2020", "--fields", "id")[1] == ""


def test_an_end_that_some_rows_lack_is_not_known(folder):
    (folder / "x.csv").write_text("id,date,end,title\na,2013,2014,First\nb,2014,,Second\n")
    assert told("x.csv", code=2)[0].endswith(" --map date=date --map end=end")
    words = ("x.csv", *ID_DATE_TITLE, "--map", "end=end")
    assert told(*words) == [
        'autotimeline: x.csv: column "end": unknown end in 1 cell: "2014" (row 2);'
        " for events without an end, add --empty-end open or --empty-end none",
        "autotimeline: 2 new, 0 unchanged",
    ]
    assert {event["id"]: event["edtf"] for event in said("id:a,b")} == {"a": "2013/2014", "b": "2014/"}
    for meaning, edtf in (("unknown", "2014/"), ("open", "2014/.."), ("none", "2014")):
        ask("undo")
        assert told(*words, "--empty-end", meaning) == ["autotimeline: 2 new, 0 unchanged"]
        assert [(event["edtf"], event["extent"]) for event in said("id:b")] == [
            (edtf, "within" if meaning == "none" else "throughout")
        ]


def test_of_columns_that_could_be_one_key_the_first_with_values_is_proposed(folder):
    (folder / "x.csv").write_text("name,heading,End,closed,kind\n,A,,2014,\n ,B,,2015,\n")
    assert told("x.csv", code=2)[0].endswith("import x.csv --map title=heading --map end=closed")
    (folder / "y.csv").write_text("name,End,n\n,,1\n")
    assert told("y.csv", code=2)[0].endswith("import y.csv --map title=COLUMN")


def test_an_end_in_an_object_is_looked_for_there(folder):
    rows = [{"title": f"Event {n}", "when": {"from": "2013", "to": None}} for n in range(2)]
    words = ("--map", "title=title", "--map", "date=when.from", "--map", "end=when.to")
    (folder / "x.json").write_text(json.dumps(rows))
    assert told("x.json", *words)[0].startswith('autotimeline: x.json: column "when.to" has no value')
    assert {event["edtf"] for event in said("event")} == {"2013"}
    rows[1]["when"]["to"] = "2015"
    (folder / "y.json").write_text(json.dumps(rows))
    (folder / "facts.toml").write_bytes(b"")
    assert told("y.json", *words, "--empty-end", "unknown") == ["autotimeline: 2 new, 0 unchanged"]
    assert {event["edtf"] for event in said()} == {"2013/", "2013/2015"}


# ---------------------------------------------------------------- data of others

ALL = (
    *(f"--map={key}" for key in ("id=id", "date=date", "end=end", "title=title", "kind=category", "source=source")),
    "--empty-end=unknown",
)
FILES = {
    "google_graveyard.json": (307, 0, (*ALL, "--map=actor=subject")),
    "executive_terms.toml": (131, 0, (*ALL, "--map=actor=subject", "--map=note=note")),
    # Of thirteen investigations there is no title: nobody was charged in them.
    "fte_russia_investigation.csv": (181, 13, (*ALL, "--map=tag=subject", "--map=note=note")),
}


@pytest.mark.skipif(not REAL.exists(), reason="the data of others are not here")
@pytest.mark.parametrize("name", FILES)
def test_data_of_others(name, folder):
    good, bad, mapping = FILES[name]
    shutil.copy(REAL / name, folder)
    (folder / "facts.toml").write_bytes(b"")
    (refused,) = told(name, code=2)
    assert "columns without a key: " in refused
    # The line that is proposed does.
    proposed = shlex.split(refused.partition("autotimeline import ")[2])
    assert ask("import", *proposed, "--skip-bad", "--dry-run")[0] == (1 if bad else 0)
    lines = told(name, *mapping, "--skip-bad", code=1 if bad else 0)
    assert lines[-1].startswith(f"autotimeline: {good} new, 0 unchanged")
    assert len(lines) == bad + 1
    assert all('column "title": missing title, which every event has; add one' in line for line in lines[:-1])
    code, out, err = ask("check", "--today", "2026-11-22", "-O", "json")
    assert [finding for finding in json.loads(out) if finding["level"] == "error"] == [], err
    # Nothing of what was read is another.
    events = {event["id"]: event for event in said()}
    assert len(events) == good
    for event in events.values():
        start, _, end = (event["edtf"] or "").partition("/")
        assert event["extent"] == "throughout"
        assert (event["earliest"], event["latest"]) == (start or None, end or None)
    # Again nothing is new, and what goes out comes in.
    before = store(folder)
    told(name, *mapping, "--skip-bad", code=1 if bad else 0)
    assert store(folder) == before
    for form in ("json", "csv", "toml"):
        answer, other = folder / f"answer.{form}", folder / f"other-{form}.toml"
        answer.write_bytes(ask("list", "-O", form)[1].encode())
        tables = tomllib.loads(before)
        other.write_text(tomli_w.dumps({key: tables[key] for key in ("source", "actor") if key in tables}), "utf-8")
        code, _, err = ask("-f", other, "import", answer)
        assert (code, err) == (0, f"autotimeline: {good} new, 0 unchanged\n")
        mine = [{**event, "file": "", "line": 0} for event in said()]
        theirs = json.loads(ask("-f", other, "list", "-O", "json")[1])
        assert [{**event, "file": "", "line": 0} for event in theirs] == mine
