"""`export` as a process: where it writes and where not, the same bytes everywhere, and what it says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from typing import TYPE_CHECKING

import icalendar
import pytest
import tomli_w

import program
from asking import ask
from autotimeline import exports, plugins
from autotimeline.cli import main
from autotimeline.cli.environment import Environment
from autotimeline.exports import csv as csv_export
from program import PROGRAM, STORY, TOP, environment

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = plugins.list_names(exports)
TEXTS = [form for form in FORMATS if not getattr(plugins.load(exports, form), "IS_BINARY", False)]
TODAY = ("--today", "2025-11-22")
NOTHING = ("kind:deal", "until:1950")
posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals, signals and bash as POSIX has them")
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device that is always full is one of Linux")
LEFT_OUT = "autotimeline: left out of the calendar: 7 events without a date, 2 events without a first or a last day\n"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kept = environment(tmp_path_factory.mktemp("cache"))
    kept.pop("SOURCE_DATE_EPOCH", None)
    return kept


def export(env, *arguments: str, cwd=TOP, stdin: bytes | None = None, how=program.run) -> bytes:
    done = how("export", *arguments, cwd=cwd, env=env, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    assert re.fullmatch("(autotimeline: left out of the calendar: .*\n)?", done.stderr.decode())
    return done.stdout


def header(text: bytes) -> dict:
    return tomllib.loads(text.decode())["snapshot"]


# ---------------------------------------------------------------- the same bytes


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_store_and_query_give_the_same_bytes_on_any_machine(env, tmp_path, form):
    shutil.copy(STORY, tmp_path / "copy.toml")
    other = env | {"LC_ALL": "C", "PYTHONIOENCODING": "cp1252", "TZ": "Pacific/Kiritimati", "COLUMNS": "20"}
    asked = ["since:2022-06", "-O", form]
    start = partial(export, how=program.start)
    mine = start(env, *asked, *TODAY)
    assert mine
    assert start(other, "-f", str(tmp_path / "copy.toml"), "--no-cache", *asked, *TODAY, cwd=tmp_path) == mine
    assert start(other | {"SOURCE_DATE_EPOCH": "1763769600"}, *asked) == mine
    path = tmp_path / f"out.{form}"
    assert export(env, *asked, *TODAY, "-o", str(path)) == b""
    assert path.read_bytes() == mine
    assert start(env, "-f", "-", *asked, *TODAY, cwd=tmp_path, stdin=STORY.read_bytes()) == mine


@pytest.mark.parametrize(
    ("more", "epoch", "days"),
    [
        (["--today", "2025-11-22"], None, ("2025-11-22", None)),
        ([], "1763769600", ("2025-11-22", None)),
        (["--today", "2024-02"], "1763769600", ("2024-02-29", None)),
        (["--as-of", "2025-01-15"], "1763769600", (None, "2025-01-15")),
        (["--as-of", "2025-01-15", "since:last-year"], None, ("2025-01-15", "2025-01-15")),
        (["--as-of", "2025-01-15", "--today", "2025-11-22"], None, ("2025-11-22", "2025-01-15")),
    ],
)
def test_the_days_of_a_snapshot(env, more, epoch, days):
    found = header(export(env | ({"SOURCE_DATE_EPOCH": epoch} if epoch else {}), *more))
    assert (found.get("today"), found.get("as_of")) == days


RELATIVE = ["is:overdue", "is:upcoming", "since:last-year", "2000..today", "(until:last-quarter)", ":late"]


def export_on(day: str, *arguments: str) -> bytes:
    """Return a snapshot as it is written on a day."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    assert main(["export", *arguments], Environment(None, out, io.StringIO(), {}, today=day)) == 0
    return out.buffer.getvalue()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("query", [[], ["since:2020"], ["is:planned"], ["near:@catl-jv/90d"], ["--as-of", "2025-06"]])
def test_the_day_of_reading_leaves_no_trace(query):
    # The marks of plans on a page depend on today.
    for form in {*FORMATS} - {"html"}:
        first, second = (export_on(day, "-f", str(STORY), *query, "-O", form) for day in ("2024-03-05", "2026-12-31"))
        assert first == second, form


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("query", RELATIVE)
def test_a_query_that_depends_on_today_names_the_day(tmp_path, query):
    store = STORY.read_text("utf-8").replace("[alias]", '[alias]\nlate = "is:overdue"')
    (tmp_path / "facts.toml").write_text(store, "utf-8")
    snapshot = export_on("2025-11-22", "-f", str(tmp_path / "facts.toml"), query)
    assert header(snapshot)["today"] == "2025-11-22"


def test_a_snapshot_says_what_was_asked(env):
    asked = ["since:2022-06", "--kind", "remark", "-n", "3", "-r", "--sort", "title", *TODAY]
    found = header(export(env, *asked))
    assert found.pop("sha256")
    assert found == {
        "query": "since:2022-06 kind:remark",
        "sort": "title",
        "reverse": True,
        "limit": 3,
        "today": "2025-11-22",
        "events": 1,
        "possible": 1,
    }
    certain = header(export(env, *asked, "--certain"))
    assert (certain["certain"], certain["events"], certain["possible"]) == (True, 0, 0)


def test_a_part_holds_what_its_events_use_and_the_whole_everything(env, tmp_path):
    store = STORY.read_text("utf-8") + '\n[actor.idle]\nname = "Idle"\n[source.unread]\ntitle = "Unread"\n'
    store += '[era.dawn]\nname = "Dawn"\nperiod = "1900/1901"\n'
    store += '[[event]]\nid = "x"\ndate = "2020"\ntitle = "X"\nactors = ["dpca"]\nsources = ["turn-2025"]\n'
    (tmp_path / "facts.toml").write_text(store, "utf-8")
    whole = tomllib.loads(export(env, cwd=tmp_path).decode())
    for kind in ("source", "actor", "era", "alias"):
        assert whole[kind].keys() == tomllib.loads(store)[kind].keys()
    part = tomllib.loads(export(env, "id:x", cwd=tmp_path).decode())
    # With an actor come those that it is part of.
    assert {"dpca", "dongfeng", "stellantis"} <= part["actor"].keys() < whole["actor"].keys()
    assert "idle" not in part["actor"]
    assert part["source"].keys() == {"turn-2025"}
    assert part["era"].keys() == {"tavares"}
    assert part["alias"] == whole["alias"]


# ---------------------------------------------------------------- where it writes, and where not


def test_a_file_that_is_there_is_left_alone_unless_forced(env, tmp_path):
    for name in ("a.toml", "b.csv.meta.json", "c.csv"):
        (tmp_path / name).write_text("mine", "utf-8")
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    for target, told in (
        ("a.toml", "a.toml"),
        ("b.csv", "b.csv.meta.json"),
        ("c.csv", "c.csv"),
        ("dangling.toml", "dangling.toml"),
    ):
        done = program.run("-f", str(STORY), "export", "-o", target, cwd=tmp_path, env=env)
        assert (done.returncode, done.stdout) == (4, b"")
        assert done.stderr.decode() == (
            f"autotimeline: {told} already exists; name another file, or replace it with --force\n"
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.toml", "b.csv.meta.json", "c.csv", "dangling.toml"]
    assert (tmp_path / "a.toml").read_text("utf-8") == "mine"
    export(env, "-f", str(STORY), "-o", "a.toml", "--force", cwd=tmp_path)
    export(env, "-f", str(STORY), "-o", "b.csv", "--force", cwd=tmp_path)
    assert header((tmp_path / "a.toml").read_bytes())["events"] == 34
    assert json.loads((tmp_path / "b.csv.meta.json").read_bytes())["snapshot"]["events"] == 34


def test_a_snapshot_is_never_written_into_the_store_itself(env, tmp_path):
    shutil.copy(STORY, tmp_path)
    done = program.run("export", "-o", "facts.toml", "--force", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert done.stderr.decode() == "autotimeline: facts.toml: file of the store; name another file\n"
    assert (tmp_path / "facts.toml").read_bytes() == STORY.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["-O", "plain"],
            'unknown snapshot format "plain"; `autotimeline list -O plain` writes that; the formats are ',
        ),
        (["-O", "sqlit"], 'unknown snapshot format "sqlit"; did you mean "sqlite"?; the formats are '),
        (["-o", "x.xyz"], "x.xyz: no snapshot format has this extension; name one with -O "),
    ],
)
def test_what_is_no_format_of_a_snapshot_is_refused(env, tmp_path, arguments, told):
    done = program.run("-f", str(STORY), "export", *arguments, cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout) == (2, b"")
    joined = "|".join(FORMATS) if "-o" in arguments else ", ".join(FORMATS)
    assert done.stderr.decode() == f"autotimeline: {told}{joined}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 30])
def test_an_epoch_that_is_none_is_refused(env, value):
    done = program.run("export", cwd=TOP, env=env | {"SOURCE_DATE_EPOCH": value})
    told = f'autotimeline: SOURCE_DATE_EPOCH "{value}": must be seconds since 1970, like 1763769600\n'
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", told)


def test_nothing_found_is_an_empty_snapshot_and_a_failure_only_where_that_is_asked(env):
    assert header(export(env, *NOTHING, *TODAY))["events"] == 0
    done = program.run("export", *NOTHING, "-e", *TODAY, cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(export(env, *NOTHING, "-O", "json"))["event"] == []


def test_a_query_is_explained_and_nothing_written(env, tmp_path):
    done = program.run("-f", str(STORY), "export", "kind:deal", "--explain", "-O", "csv", cwd=tmp_path, env=env)
    assert done.stdout.startswith(b"query: kind:deal\n")
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_pipe_that_nobody_reads_ends_it_quietly(env, form):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [*PROGRAM, "export", "-O", form, "-o", "-"]
        done = subprocess.run(command, cwd=TOP, env=env, stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_closed_stdout_is_a_failure(env, form):
    done = program.bash('"$@" >&-', "export", "-O", form, cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (4, "autotimeline: standard output is closed\n")


@full
@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_a_failure(env, form):
    done = program.bash('"$@" >/dev/full', "export", "-O", form, cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (4, "autotimeline: no space left on device\n")
    done = program.bash('"$@"', "export", "-O", form, "-o", "/dev/full", cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (4, "autotimeline: /dev/full: no space left on device\n")


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_outgrows_its_limit_leaves_nothing_behind(env, tmp_path, form):
    (tmp_path / "temporary").mkdir()
    script = 'ulimit -f 4; "$@"'
    more = ["--no-cache", "-f", str(STORY), "export", "-o", f"out.{form}"]
    done = program.bash(script, *more, cwd=tmp_path, env=env | {"TMPDIR": str(tmp_path / "temporary")})
    assert done.returncode == 4
    where = f"{tmp_path}/temporary: " if form not in TEXTS else f"out.{form}: file too large"
    assert done.stderr.startswith(f"autotimeline: {where}")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]


@posix
def test_a_terminal_is_asked_for_a_file_and_shown_a_snapshot_on_demand(env):
    env = env | {"NO_COLOR": "1"}
    assert program.terminal(["export"], cwd=TOP, env=env) == (
        2,
        "autotimeline: terminal output: not the default of export; name a file with -o FILE, or write -o -\n",
    )
    assert program.terminal(["export", "-O", "sqlite", "-o", "-"], cwd=TOP, env=env) == (
        2,
        "autotimeline: sqlite cannot be shown on a terminal; name the file to write with -o FILE\n",
    )
    code, sent = program.terminal(["export", *TODAY, "-o", "-"], cwd=TOP, env=env)
    assert (code, sent.encode()) == (0, export(env, *TODAY))


STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@posix
@pytest.mark.parametrize("form", TEXTS)
def test_nothing_from_a_store_steers_a_terminal(env, tmp_path, form):
    shutil.copy(TOP / "tests/views/hostile.toml", tmp_path / "facts.toml")
    code, sent = program.terminal(["export", "-O", form, "-o", "-"], cwd=tmp_path, env=env)
    assert code == 0
    assert sent
    assert not STEERS.findall(sent.replace("\r\n", "\n").replace("\r", "") if form in ("csv", "ics") else sent)


# ---------------------------------------------------------------- CSV and the file beside it


def test_csv_has_a_file_beside_it_that_tells_its_sum_and_holds_the_rest(env, tmp_path):
    export(env, "actor:catl", *TODAY, "--bom", "-o", str(tmp_path / "a.csv"))
    beside = json.loads((tmp_path / "a.csv.meta.json").read_bytes())
    data = (tmp_path / "a.csv").read_bytes()
    assert beside["csv"] == {"bom": True, "sha256": hashlib.sha256(data).hexdigest()}
    toml = tomllib.loads(export(env, "actor:catl", *TODAY).decode())
    assert beside == {"csv": beside["csv"], **{name: toml[name] for name in toml if name != "event"}}
    assert export(env, "actor:catl", *TODAY, "-O", "csv", "--bom") == data


def test_the_columns_of_csv_are_fixed(env):
    columns = next(csv.reader(io.StringIO(export(env, "-O", "csv").decode(), newline="")))
    assert columns == list(csv_export.FIELDS)
    assert ",".join(columns) == (
        "id,date,edtf,extent,earliest,latest,match,status,kind,title,actors,places,tags,figures,sources,links,known,"
        "printed,reported,note,disputed,known_stated,accept"
    )


HOSTILE = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "'=1", "\t=1+1", "\r=1+1", 'a "b", c; d', "two\nlines"]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    events = [
        f'[[event]]\nid = "e{n}"\ndate = "2020-01-0{n + 1}"\ntitle = {json.dumps(text)}\nnote = {json.dumps(text)}\n'
        for n, text in enumerate(HOSTILE)
    ]
    (tmp_path / "facts.toml").write_text("\n".join(events), "utf-8")
    return tmp_path


def records(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def test_python_reads_a_csv_and_no_cell_is_a_formula(env, hostile):
    header, *rows = records(export(env, "-O", "csv", cwd=hostile))
    assert (len(rows), {len(row) for row in rows}) == (9, {len(header)})
    assert [row[header.index("title")] for row in rows][:7] == ["'" + text for text in HOSTILE[:7]]
    raw = records(export(env, "-O", "csv", "--raw", cwd=hostile))[1:]
    assert [row[header.index("title")] for row in raw] == HOSTILE


def test_duckdb_reads_a_csv(env, hostile):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    export(env, "-o", "out.csv", cwd=hostile)
    found = duckdb.read_csv(str(hostile / "out.csv"), header=True, all_varchar=True)
    header, *rows = records((hostile / "out.csv").read_bytes())
    assert found.columns == header
    assert [[cell or "" for cell in row] for row in found.fetchall()] == rows


def test_libreoffice_reads_a_csv_and_runs_none_of_it(env, hostile):
    office = shutil.which("soffice") or shutil.which("localc")
    if not office:
        pytest.skip("LibreOffice is not installed")
    header, *mine = records(export(env, "-o", "safe.csv", cwd=hostile) or (hostile / "safe.csv").read_bytes())
    export(env, "-o", "raw.csv", "--raw", cwd=hostile)
    # UTF-8 with commas and double quotes, and formulas run, as who opens it by hand may have it.
    infilter = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"
    profile = f"-env:UserInstallation=file://{hostile}/profile"
    command = [office, "--headless", profile, infilter, "--convert-to", "csv", "--outdir", str(hostile / "converted")]
    files = [str(hostile / name) for name in ("safe.csv", "raw.csv")]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)

    def titles(name: str) -> list[str]:
        rows = records((hostile / "converted" / name).read_bytes())
        assert [len(row) for row in rows] == [len(header)] * (len(mine) + 1)
        return [row[header.index("title")] for row in rows[1:]]

    assert titles("safe.csv") == [row[header.index("title")].replace("\r", "\n") for row in mine]
    # So it would have been without the guard.
    assert titles("raw.csv")[0] == "2"


# ---------------------------------------------------------------- the calendar


def test_a_calendar_says_what_it_cannot_hold(env, tmp_path):
    done = program.run("export", "-o", str(tmp_path / "a.ics"), *TODAY, cwd=TOP, env=env)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", LEFT_OUT)


def test_an_event_of_the_calendar_word_for_word(env):
    # Unfolded: a line that begins with a space goes on with the one before.
    text = export(env, "id:gac-fiat-chrysler-bankruptcy", "-O", "ics", *TODAY).decode().replace("\r\n ", "")
    assert text.replace("\r\n", "\n").replace("\\n", "\n  ") == EXPECTED.lstrip("\n")


EXPECTED = r"""
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//autotimeline//export//EN
X-WR-CALNAME:Stellantis and China
BEGIN:VEVENT
SUMMARY:Court in Changsha announces the bankruptcy of GAC Fiat Chrysler (2024-07\, disputed)
DTSTART;VALUE=DATE:20240701
DTEND;VALUE=DATE:20240801
DTSTAMP:20251122T000000Z
UID:gac-fiat-chrysler-bankruptcy@autotimeline
CATEGORIES:bankruptcy
DESCRIPTION:Date: 2024-07
  “July last year”
  Status: happened
  Disputed: date
  GAC Fiat Chrysler
  Changsha court
  debt: billions of dollars (GAC Fiat Chrysler)
  The analysis appeared in 2025\, so "last year" is 2024. `known` follows its date.
  Source: Stellantis turns back to China\, ~2025-10\, has 2024-07
  Source: other reporting\, 2025-07\, has 2025-07-08
  gac-fiat-chrysler-bankruptcy
LOCATION:Changsha\, China
STATUS:CONFIRMED
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def test_lines_of_a_calendar_are_folded_between_characters_and_keep_backslashes(cache, tmp_path):
    title, note = "\\New " * 9 + "ü" * 60, "\\; 世界, " * 30 + "\nend"
    path = tmp_path / "a.toml"
    path.write_text(tomli_w.dumps({"event": [{"id": "a", "date": "2024-01-31", "title": title, "note": note}]}))
    code, out, err = ask("-f", path, "export", "-O", "ics", "-o", "-")
    assert (code, err) == (0, "")
    assert max(len(line.encode()) for line in out.split("\r\n")) <= 75
    (event,) = icalendar.Calendar.from_ical(out).walk("VEVENT")
    assert (str(event["summary"]), str(event["description"]).splitlines()[2:4]) == (title, note.split("\n"))
