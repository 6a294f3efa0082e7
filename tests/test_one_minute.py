"""A newcomer's minute: each example of CONTRIBUTING.md, put into a copy of the package, and nothing else changed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib

import pytest

import program
from program import STORY, TOP, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

TEXT = (TOP / "CONTRIBUTING.md").read_text("utf-8")
# The files by their path; the last one is the entry for the table of fields.
FILES = dict(re.findall(r"`(src/autotimeline/\S+)`\n\n```(?:python|toml)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
(ENTRY,) = re.findall(r"^```python-entry\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


KEY, COLUMN, SECTION = re.findall(
    r"^```(?:key-entry|sql-column|card-section)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL
)
# Answers the command lines of standard input in one process.
DRIVER = """
import json, sys
from asking import ask
print(json.dumps([ask(*arguments) for arguments in json.load(sys.stdin)]))
"""


class Newcomer:
    """A copy of the package with new files in it, and the program that it makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "autotimeline"
        shutil.copytree(TOP / "src/autotimeline", self.package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(STORY, folder)
        self.env = environment(folder / "cache", PYTHONPATH=str(folder))

    def add(self, *paths: str) -> None:
        for path in paths:
            target = self.folder / path.removeprefix("src/")
            assert not target.exists()
            target.write_text(FILES[path], "utf-8")

    def run(self, *arguments: str, code: int = 0, **env: str) -> str:
        done = program.start(*arguments, cwd=self.folder, env=self.env | env)
        assert done.returncode == code, done.stderr.decode()
        return (done.stderr if code > 1 else done.stdout).decode()

    def insert(self, path: str, before: str, text: str) -> None:
        """Insert a text behind another one that occurs once in a file."""
        file = self.package / path
        head, found, tail = file.read_text("utf-8").partition(before)
        assert found
        assert before not in tail
        file.write_text(head + found + text + tail, "utf-8")

    def answers(self, *lines: str) -> list[str]:
        """Return what the program prints for each command line."""
        env = self.env | {"PYTHONPATH": f"{self.folder}{os.pathsep}{TOP / 'tests'}"}
        text = json.dumps([shlex.split(line) for line in lines])
        command = [sys.executable, "-c", DRIVER]
        done = subprocess.run(
            command, cwd=self.folder, env=env, input=text, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        for line, (code, _, err) in zip(lines, answers := json.loads(done.stdout), strict=True):
            assert code < 2, f"{line}: {err}"
        return [out for _, out, _ in answers]

    def completed(self, line: str) -> list[str]:
        told = self.run(_AUTOTIMELINE_COMPLETE="complete_fish", _TYPER_COMPLETE_ARGS=f"autotimeline {line}")
        return [candidate.partition("\t")[0] for candidate in told.splitlines()]


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def test_the_page_has_the_examples_that_are_tried_here():
    assert sorted(FILES) == [
        "src/autotimeline/checks/shouting.bad.toml",
        "src/autotimeline/checks/shouting.good.toml",
        "src/autotimeline/checks/shouting.py",
        "src/autotimeline/cli/commands/quotes.py",
        "src/autotimeline/cli/commands/upcoming.py",
        "src/autotimeline/formats/html.py",
        "src/autotimeline/importing/readers/psv.py",
        "src/autotimeline/views/quotes.py",
    ]


def test_a_new_format_is_one_file(newcomer):
    assert "html" not in newcomer.run("list", "-O", "nonesuch", code=2)
    newcomer.add("src/autotimeline/formats/html.py")
    assert "html" in newcomer.run("list", "-O", "nonesuch", code=2)
    assert 'did you mean "html"' in newcomer.run("list", "-O", "htm", code=2)
    for command in ("list", "timeline", "names", "show"):
        asked = {"names": ["actors"], "show": ["catl-jv"]}.get(command, ["since:2022-06"])
        told = newcomer.run(command, *asked, "-O", "html")
        assert told.startswith("<!doctype html>\n")
        assert "<td>" in told
    listed = newcomer.run("list", "since:2022-06", "-O", "html")
    assert "<td>catl-jv<td>2024-12<td>certain<td>happened<td>joint-venture<td>CATL and" in listed
    assert "match only possibly" in listed
    newcomer.run("list", "since:2022-06", "-o", "answer.html")
    assert (newcomer.folder / "answer.html").read_text("utf-8") == listed
    assert "html" in newcomer.completed("list -O ")


def test_a_new_view_and_its_command_are_a_file_each(newcomer):
    newcomer.add("src/autotimeline/views/quotes.py", "src/autotimeline/cli/commands/quotes.py")
    assert re.search(r"^  quotes +Show the quotes of the sources\.$", newcomer.run("--help"), re.MULTILINE)
    drawn = newcomer.run("quotes", "kind:remark", "-O", "table")
    assert drawn.startswith("“not building factories in China”\n    Carlos Tavares, 2022: Tavares speaks against")
    assert newcomer.run("quotes", "kind:remark").startswith("tavares-remark\t2022\tcertain\tturn-2025 | quote=not")
    assert newcomer.run("quotes", "kind:deal") == ""
    assert newcomer.run("quotes", "-O", "json", "--fields", "id").count("{") == 3
    assert newcomer.run("-f", "-", "quotes", "-O", "toml") == "[store]\nformat = 1\n"
    assert newcomer.completed("quo") == ["quotes"]
    assert newcomer.completed("quotes actor:catl") == ["actor:catl"]


def test_a_new_command_is_one_file_with_options_of_its_own(newcomer):
    assert 'no command "upcoming"' in newcomer.run("upcoming", code=2)
    newcomer.add("src/autotimeline/cli/commands/upcoming.py")
    assert re.search(
        r"^  upcoming +List planned events that are still to come\.$", newcomer.run("--help"), re.MULTILINE
    )
    assert "--soonest" in newcomer.run("upcoming", "--help")
    today = ["--today", "2025-11-22", "--fields", "id"]
    assert newcomer.run("upcoming", *today).split() == ["leapmotor-zaragoza", "pony-vans-europe", "catl-plant-start"]
    assert newcomer.run("upcoming", *today, "--soonest").split() == ["leapmotor-zaragoza"]
    assert newcomer.run("upcoming", *today, "actor:pony-ai").split() == ["pony-vans-europe"]
    assert 'did you mean "upcoming"' in newcomer.run("upcomming", code=2)
    assert newcomer.completed("up") == ["upcoming"]
    assert newcomer.completed("upcoming --soo") == ["--soonest"]


def test_a_new_check_is_one_file_and_its_two_examples(newcomer):
    newcomer.add(*(f"src/autotimeline/checks/shouting{suffix}" for suffix in (".py", ".bad.toml", ".good.toml")))
    assert newcomer.run("check", "--today", "2025-11-22") == ""
    store = newcomer.folder / "facts.toml"
    event = '[[event]]\nid = "early"\ndate = 2025-01-01\ntitle = "TOO EARLY"\nsources = ["turn-2025"]\n'
    store.write_text(STORY.read_text("utf-8") + "\n" + event, "utf-8")
    told = newcomer.run("check", "--today", "2025-11-22", "-O", "csv", code=1).splitlines()
    assert len(told) == 2
    assert 'problem,shouting,early,"the title is in capitals; write a sentence' in told[1]
    store.write_text(STORY.read_text("utf-8") + "\n" + event + 'accept = { shouting = "it did" }\n', "utf-8")
    assert newcomer.run("check", "--today", "2025-11-22") == ""
    store.write_text(STORY.read_text("utf-8") + "\n" + event + 'accept = { shoutng = "it did" }\n', "utf-8")
    assert 'no such rule; did you mean "shouting"?' in newcomer.run("check", code=1)
    assert "shouting" in newcomer.run("check", "--explain")
    explanation = newcomer.run("check", "--explain", "shouting")
    assert explanation.index('title = "THE TWO MERGE"') < explanation.index('title = "The two merge"')
    assert newcomer.completed("check --explain sho") == ["shouting"]


def test_a_new_form_to_import_is_one_file(newcomer):
    assert "psv" not in newcomer.run("import", "-", "--from", "nonesuch", code=2)
    newcomer.add("src/autotimeline/importing/readers/psv.py")
    assert "psv" in newcomer.run("import", "-", "--from", "nonesuch", code=2)
    rows = newcomer.folder / "rows.psv"
    rows.write_text("date|title\n2025-12|A plant opens\n", "utf-8")
    newcomer.run("import", "rows.psv")
    assert newcomer.run("list", "title:opens", "--fields", "date,title") == "2025-12\tA plant opens\n"
    rows.write_text("date|title\n2025-12\n", "utf-8")
    told = newcomer.run("import", "rows.psv", code=4)
    assert "rows.psv:2: row 1: it has 1 cell, and the header 2: add the missing cells" in told


def test_a_new_field_is_one_entry(newcomer):
    assert "no field" in newcomer.run("list", "prefix:leapmotor", code=2)
    fields = newcomer.package / "query/fields.py"
    before, head, after = fields.read_text("utf-8").partition("\nQUERY_FIELDS = {\n")
    assert head
    fields.write_text(before + head + ENTRY + after, "utf-8")
    ids = newcomer.run("list", "prefix:leapmotor", "not", "prefix:leapmotor-m", "--fields", "id,match").splitlines()
    assert ids == [f"leapmotor-{rest}\tcertain" for rest in ("deal", "international", "zaragoza")]
    assert 'did you mean "prefix"' in newcomer.run("list", "prefx:leapmotor", code=2)
    assert newcomer.completed("list pref") == ["prefix:"]
    assert newcomer.completed("list prefix:catl") == ["prefix:catl-jv", "prefix:catl-plant-start"]


def test_a_new_key_of_an_event_is_an_entry_a_column_and_the_view_that_shows_it(newcomer):
    newcomer.insert("schema.py", "\nEVENT: Table = (\n", KEY)
    newcomer.insert("index/schema.sql", "\nCREATE TABLE detail (\n", COLUMN)
    newcomer.insert("views/show.py", '        yield "note", _texts(event.note)\n', SECTION)
    rows = newcomer.folder / "rows.csv"
    rows.write_text("title,date,method\nA plant opens,2025-12,a visit\n", "utf-8")
    (newcomer.folder / "mapped.csv").write_text("what,how\nA plant closes,a call\n", "utf-8")
    shutil.copy(newcomer.folder / "facts.toml", newcomer.folder / "old.toml")
    listed, card, values, records, table, found, difference, help, schema, *_ = newcomer.answers(
        "set catl-jv 'method=an interview'",
        "add 'A pilot begins' --date 2025-11 --method 'a letter'",
        "import rows.csv",
        "import mapped.csv --map title=what --map method=how",
        "set pony-memorandum method=guess",
        "set pony-memorandum method=",
        "list id:catl-jv --fields id,method",
        "show catl-jv -O table",
        "show catl-jv",
        "list id:catl-jv -O json",
        "list id:catl-jv -O csv --fields id,method",
        "list interview --fields id",
        "diff old.toml facts.toml -O csv --fields id,field,change,new",
        "add --help",
        "schema",
        "export -O sqlite -o snapshot.db",
        "export -O csv -o snapshot.csv",
        "export -O ics -o snapshot.ics id:catl-jv",
        "list -O toml --sort method id:catl-jv",
    )[6:]
    assert listed == "catl-jv\tan interview\n"
    assert re.search(r"^method +an interview$", card, re.MULTILINE)
    assert "catl-jv\tmethod\tan interview\n" in values
    assert json.loads(records)[0]["method"] == "an interview"
    assert table.splitlines() == ["id,method", "catl-jv,an interview"]
    assert found == "catl-jv\n"
    assert "catl-jv,method,added,an interview" in difference.splitlines()
    assert re.search(r"--method TEXT +How the fact was established\.$", help, re.MULTILINE)
    method = {
        "description": "How the fact was established. For example: an interview.",
        "type": "string",
        "pattern": "\\S",
    }
    assert json.loads(schema)["definitions"]["event"]["properties"]["method"] == method
    events = tomllib.loads((newcomer.folder / "facts.toml").read_text("utf-8"))["event"]
    methods = {event["title"]: event["method"] for event in events if "method" in event}
    assert sorted(methods.values()) == ["a call", "a letter", "a visit", "an interview"]
    with contextlib.closing(sqlite3.connect(newcomer.folder / "snapshot.db")) as db:
        assert dict(db.execute("SELECT title, method FROM events WHERE method IS NOT NULL")) == methods
    assert (newcomer.folder / "snapshot.csv").read_text("utf-8").partition("\n")[0].count(",method,") == 1
    assert "method: an interview" in (newcomer.folder / "snapshot.ics").read_text("utf-8")
    assert newcomer.completed("set catl-jv meth") == ["method="]
    assert newcomer.completed("list --fields meth") == ["method"]
    assert newcomer.completed("add --meth") == ["--method"]
