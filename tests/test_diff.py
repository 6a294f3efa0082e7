"""`autotimeline diff` as people, scripts and git run it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

import program
from program import SCRIPTS, STORY, TOP, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = (TOP / "tests/data/diff" / name for name in ("old.toml", "new.toml"))
BROKEN = '[[event]]\nid = "e"\ntitle = "E"\nkind = 1\nactors = ["nobody"]\n'

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices as POSIX has them")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "cache")


@pytest.fixture
def diff(tmp_path: Path, env: dict[str, str]):
    """Return `diff(*arguments)`: exit code, stdout and stderr."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
        done = program.run("diff", *map(str, arguments), cwd=tmp_path, env=env, stdin=stdin)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


PLAIN = """\
store\t\ttitle\tchanged\tA story\tThe story of Acme
source\tpaper-1\tid\trenamed\tfirst\tpaper-1
actor\tacme\taliases\tremoved\tAcme Group\t
actor\tacme\taliases\tadded\t\tAcme Inc
era\tearly\tperiod\tchanged\t2019/2020\t2019/2021
alias\tinvestments\tid\trenamed\tmoney\tinvestments
event\tdeal\tdate\tchanged\t2020-01\t~2020-01
event\tdeal\tstatus\tchanged\tplanned\thappened
event\tdeal\tactors\tchanged\tacme@buyer\tacme@investor
event\tdeal\ttags\tadded\t\tev
event\tdeal\ttags\tremoved\tmoney\t
event\tdeal\tfigures\tchanged\tinvestment=~1.5bn EUR\tinvestment=1.5bn EUR
event\tdeal\tfigures\tchanged\tstake=~20% | of=globex | basis=expected\tstake=21% | of=globex | basis=expected
event\tdeal\tsources\tchanged\tfirst | quote=a fifth of Globex | by=Jane Doe\t\
paper-1 | quote=a fifth of Globex, and no more | by=Jane Doe | figures=stake=20%
event\tdeal\tlinks\tchanged\trelated@visit\tleads-to@first-visit
event\tdeal\taccept\tchanged\tdisputed | reason=both papers stand\tdisputed | reason=both papers stand, says a third
event\tfirst-visit\tid\trenamed\tvisit\tfirst-visit
event\tgone\tid\tremoved\tgone\t
event\tgone\tdate\tremoved\t2018\t
event\tgone\ttitle\tremoved\tWhat nobody believes any more\t
event\tgone\tstatus\tremoved\thappened\t
event\tgone\treported\tremoved\ttrue\t
event\topening\tid\tadded\t\topening
event\topening\tdate\tadded\t\t2021-03-05
event\topening\ttitle\tadded\t\tAcme opens a plant in Zürich, the largest that it has built so far
event\topening\tstatus\tadded\t\thappened
event\topening\tfigures\tadded\t\tjobs=>100 people
event\topening\tsources\tadded\t\tsecond | quote=more than a hundred
"""


def test_a_pipe_gets_a_row_for_each_change(diff):
    assert diff(OLD, NEW) == (1, PLAIN, "")


def test_json_has_the_fields_and_records_of_the_contract(diff):
    code, out, err = diff(OLD, NEW, "-O", "json")
    found = json.loads(out)
    assert (code, err, len(found)) == (1, "", PLAIN.count("\n"))
    contract = (TOP / "docs/contract.md").read_text("utf-8")
    section = contract.partition("### The rows of `diff`")[2].partition("\n## ")[0]
    fields = re.findall(r"(\w+): [\w?]+", section.split("```")[1])
    keys = re.findall(r"^- `(\w+)`: (.*)$", section.partition("Its keys:")[2], re.MULTILINE)
    records = {field: re.findall(r"`(\w+)`", names) for field, names in keys}
    seen = set()
    for row in found:
        assert list(row) == fields
        for side in (row["old"], row["new"]):
            if row["field"] in records and side is not None:
                assert list(side) == records[row["field"]]
                seen.add(row["field"])
    assert seen == set(records)
    assert found[11]["old"]["text"] == "~1.5bn EUR"
    assert found[11]["title"] == "Acme plans to buy a fifth of Globex"
    assert next(row for row in found if row["field"] == "reported")["old"] is True


@pytest.mark.parametrize(
    ("form", "none"), [("plain", ""), ("table", ""), ("markdown", ""), ("json", "[]\n"), ("jsonl", "")]
)
def test_where_nothing_differs_nothing_is_said(diff, form, none):
    assert diff(OLD, OLD, "-O", form) == (0, none, "")


def test_fields_are_chosen_and_a_table_of_them_is_drawn(diff):
    code, out, err = diff(OLD, NEW, "--fields", "id,change,title", "-O", "table")
    assert (code, err, out.splitlines()[0].split()) == (1, "", ["id", "change", "title"])
    assert diff(OLD, NEW, "--fields", "idd") == (
        2,
        "",
        'autotimeline: no field "idd"; did you mean "id"?\n',
    )


def test_an_answer_goes_to_a_file_but_not_into_a_store(diff, tmp_path):
    assert diff(OLD, NEW, "-o", "answer.txt") == (1, "", "")
    assert (tmp_path / "answer.txt").read_text("utf-8") == PLAIN
    shutil.copy(NEW, tmp_path / "new.toml")
    told = "autotimeline: new.toml: file of the store; name another file\n"
    assert diff(OLD, "new.toml", "-o", "new.toml") == (2, "", told)


# ---------------------------------------------------------------- the two sides


def test_a_side_may_be_a_folder_standard_input_or_empty(diff, tmp_path):
    head, *events = OLD.read_text("utf-8").split("[[event]]")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/a.toml").write_text("[[event]]" + "[[event]]".join(events), "utf-8")
    (tmp_path / "parts/b.toml").write_text(head, "utf-8")
    assert diff("parts", OLD) == (0, "", "")
    assert diff("-", NEW, stdin=OLD.read_bytes()) == (1, PLAIN, "")
    (tmp_path / "empty.toml").touch()
    assert diff("empty.toml", "-") == (0, "", "")
    code, out, err = diff("empty.toml", OLD)
    assert (code, err, {line.split("\t")[3] for line in out.splitlines()}) == (1, "", {"added"})


@posix
def test_a_side_may_be_a_pipe_or_a_device(diff, tmp_path, env):
    done = program.bash(f'"$@" <(cat {OLD}) <(cat {NEW})', "diff", cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (1, PLAIN, "")
    assert diff("/dev/null", "/dev/null") == (0, "", "")
    code, out, _ = diff(OLD, "/dev/null")
    assert (code, {line.split("\t")[3] for line in out.splitlines()}) == (1, {"removed"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["diff", "-", "-"], "standard input can be read once; name a file for OLD or for NEW"),
        (["-f", "x", "diff", "a.toml", "b.toml"], "-f: not with two stores; write autotimeline diff OLD NEW"),
        (["diff", "-f", "x", "a.toml", "b.toml"], "-f: not with two stores; write autotimeline diff OLD NEW"),
        (["diff"], "nothing to compare; write autotimeline diff HEAD~1, or diff OLD NEW for two stores"),
        (["diff", "--since", "2025", "HEAD"], "--since: not with OLD or NEW; remove one of them"),
        (
            ["diff", "a.toml"],
            "a.toml: a file, not a revision of git; name two stores, or a revision such as HEAD~1",
        ),
        (
            ["-f", "-", "diff", "HEAD"],
            'no file "HEAD", and no revisions: standard input has no history; name a file of a git repository with -f',
        ),
    ],
)
def test_wrong_usage_is_named(tmp_path, env, arguments, told):
    done = program.run(*arguments, cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"autotimeline: {told}\n")


def test_the_problems_of_both_sides_are_told(diff, tmp_path):
    (tmp_path / "a.toml").write_text(BROKEN, "utf-8")
    (tmp_path / "b.toml").write_text("x = 1\n" + BROKEN, "utf-8")
    kind = 'event "e": kind: must be text in quotes, not a number\n'
    code, out, err = diff("a.toml", "b.toml")
    assert (code, out) == (3, "")
    unknown = 'key "x" without a header; write one above it, such as [[event]]'
    assert err == f"a.toml:4: {kind}b.toml:1: {unknown}\nb.toml:5: {kind}"
    what = "no such file or directory; name a TOML file, a directory of them, or - for standard input\n"
    assert diff("none.toml", "a.toml") == (3, "", f"autotimeline: none.toml: {what}a.toml:4: {kind}")
    assert diff("a.toml", "none.toml") == (3, "", f"a.toml:4: {kind}autotimeline: none.toml: {what}")
    assert diff(OLD, "a.toml") == (3, "", f"a.toml:4: {kind}")


def test_an_index_is_asked_where_there_is_one_and_none_is_left(diff, tmp_path, env):
    cache = tmp_path / "cache/autotimeline"
    assert diff(OLD, NEW)[0] == 1
    assert not cache.exists()
    for store in (OLD, NEW):
        program.run("-f", str(store), "list", cwd=tmp_path, env=env)
    kept = sorted(cache.glob("*.sqlite"))
    assert len(kept) == 2
    assert diff(OLD, NEW) == (1, PLAIN, "")
    damaged = {index: index.read_bytes()[:4096] + b"\xff" * 40960 for index in kept}
    for index, data in damaged.items():
        index.write_bytes(data)
    # What is read only once could not be read again, were an index to turn out damaged: none is asked.
    assert diff("-", NEW, stdin=OLD.read_bytes()) == (1, PLAIN, "")
    assert {index: index.read_bytes() for index in kept} == damaged
    assert diff(OLD, NEW) == (1, PLAIN, "")
    assert not {index.read_bytes() for index in kept} & set(damaged.values())


def test_the_shell_completes_paths(tmp_path, env):
    for words in ("diff ", "diff old.toml n", "diff -O json "):
        asked = env | {"_AUTOTIMELINE_COMPLETE": "complete_bash", "_TYPER_COMPLETE_ARGS": f"autotimeline {words}"}
        assert program.run(cwd=tmp_path, env=asked).returncode == 10, words


# ---------------------------------------------------------------- git


@pytest.fixture
def git(tmp_path: Path, env: dict[str, str]):
    """Return `git(*arguments)`, which returns what it prints in a repository that is set up as docs/git.md has it."""
    if not shutil.which("git") or sys.platform == "win32":
        pytest.skip("git and a POSIX shell")
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "a"}
    own |= {"GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    own["PATH"] = os.pathsep.join((str(SCRIPTS), os.environ["PATH"]))
    folder = tmp_path / "repository"
    folder.mkdir()

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=env | own, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    run("init", "-q")
    documented = (TOP / "docs/git.md").read_text("utf-8").replace("\\\n>  ", "")
    for name, value in re.findall(r"^\$ git config (diff\.\S+) +'(.*)'$", documented, re.MULTILINE):
        run("config", name, value)
    (folder / ".gitattributes").write_text("*.toml diff=facts\n")
    assert run("config", "--get-regexp", "^diff").count("autotimeline diff") == 2
    return run


def marked(text: str) -> list[str]:
    """Return the lines that git shows as added or removed."""
    return [line for line in text.splitlines() if re.match(r"[-+]\w", line)]


def test_git_tells_facts(git, tmp_path):
    store = tmp_path / "repository/facts.toml"
    story = STORY.read_text("utf-8")
    store.write_text(story, "utf-8")
    git("add", ".")
    git("commit", "-qm", "added")
    store.write_text(story.replace('"~1.5bn EUR"', '"2bn EUR"').replace("68,000", "68k") + "\n# the end\n", "utf-8")
    drawn = (
        "facts.toml\n~ event leapmotor-deal · 2023-10 · Stellantis plans to buy about 20% of Leapmotor\n"
        "  ~ figures  investment: ~1.5bn EUR → 2bn EUR\n\n"
    )
    lines = [
        "-event\tleapmotor-deal\tfigures\tinvestment=~1.5bn EUR | basis=expected",
        "+event\tleapmotor-deal\tfigures\tinvestment=2bn EUR | basis=expected",
    ]
    assert git("diff") == drawn
    assert marked(git("diff", "--no-ext-diff")) == lines
    git("commit", "-qam", "changed")
    assert marked(git("log", "-p", "-1")) == lines
    assert git("show", "--ext-diff", "--format=") == drawn
    store.unlink()
    assert "- event leapmotor-deal · 2023-10 · Stellantis plans" in git("diff")
    git("commit", "-qam", "removed")
    assert "-event\tleapmotor-deal\tid\tleapmotor-deal" in git("log", "-p", "-1")
    assert "+event\tleapmotor-deal\tid\tleapmotor-deal" in git("log", "-p", "--reverse")
    assert "+ event leapmotor-deal · 2023-10 · Stellantis plans" in git("diff", "HEAD", "HEAD~2")
    assert not (tmp_path / "cache/autotimeline").exists()


def test_git_goes_on_over_a_version_that_is_no_store(git, tmp_path):
    store = tmp_path / "repository/facts.toml"
    for text in (BROKEN, '[[event]]\nid = "e"\ntitle = "E"\n'):
        store.write_text(text, "utf-8")
        git("add", ".")
        git("commit", "-qm", "one more")
    assert marked(git("show", "--format=")) == ['-id = "e"', '-title = "E"', "-kind = 1", '-actors = ["nobody"]'] + [
        f"+event\te\t{field}\t{value}" for field, value in (("id", "e"), ("title", "E"), ("status", "happened"))
    ]
    assert git("diff", "HEAD~1") == "facts.toml\n\n"
