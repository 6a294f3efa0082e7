"""The contract with scripts (docs/contract.md); real processes where signals, pipes, and terminals matter."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

import program
from autotimeline import checks, formats, plugins, views
from autotimeline.cli import commands, main, options
from autotimeline.cli.environment import Environment
from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS
from program import PROGRAM, STORY, TOP, environment

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTRACT = (TOP / "docs/contract.md").read_text("utf-8")
FORMATS = plugins.list_names(formats)
COMMANDS = {name: plugins.load(commands, name).COMMAND for name in plugins.list_names(commands)}
# The commands that write a table; a new one is held to the contract as soon as it is there.
TABLES = [name for name, command in COMMANDS.items() if options.FORMAT in command.options]
# Those of them that read a store.
ASKING = [name for name in TABLES if options.FILE in COMMANDS[name].options and name != "diff"]
# The words to try each with where any query will not do. They match surely, possibly, and leave undated events out.
WORDS = {
    "show": ["catl-jv", "gac-fiat-chrysler-bankruptcy"],
    "names": ["actors"],
    "elapsed": ["leads-to", "since:2022-06", "--today", "2025-11-22"],
    "compare": ["since:2022-06", "group:dongfeng", "--today", "2025-11-22"],
    "count": ["--by", "actor"],
    "check": ["--strict"],
    "cache": [],
    "diff": ["/dev/null", "facts.toml"],
}
ANY = ["since:2022-06", "--today", "2025-11-22"]

posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals, signals and bash as POSIX has them")
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device that is always full is one of Linux")


def words(command: str) -> list[str]:
    # A picture shows an id only where that is what it is by.
    return [*WORDS.get(command, ANY), *(["--by", "id"] if command == "chart" else [])]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("cache"))


def run(
    env: dict[str, str], *arguments: str, cwd: Path = TOP, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return program.run(*arguments, cwd=cwd, env=env, stdin=stdin)


# ---------------------------------------------------------------- off a terminal

OTHER = {"LC_ALL": "C", "PYTHONIOENCODING": "cp1252", "TERM": "xterm", "COLUMNS": "20"}


@pytest.fixture(scope="module")
def answers(env: dict[str, str]) -> dict[tuple[str, str], list[subprocess.CompletedProcess[bytes]]]:
    """Every command in every format: as usual, and again in another environment; some without a cache.

    A format writes in the encoding of the process, from the same selection: one command proves it for each format.
    """
    found = {}
    for name, form in product(ASKING, FORMATS):
        line = [name, *words(name), "-O", form]
        again = program.start if name == "list" else program.run
        cacheless = ["--no-cache"] if name == "list" or form == "json" else []
        found[name, form] = [run(env, *line), again(*line, *cacheless, cwd=TOP, env=env | OTHER)]
    return found


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", ASKING)
def test_an_answer_off_a_terminal_is_data_in_utf_8_and_the_same_every_time(answers, command, form):
    first, second = answers[command, form]
    text = first.stdout.decode()
    assert text.endswith("\n")
    assert first.stderr == b""
    assert "\x1b" not in text
    # An id, or the name behind it.
    assert "gac-fiat-chrysler" in text or "GAC Fiat Chrysler" in text
    assert (second.stdout, second.stderr) == (first.stdout, b"")
    assert first.returncode == second.returncode == (1 if command == "check" else 0)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", [name for name in ASKING if name not in WORDS])
def test_only_a_document_has_a_footer_off_a_terminal(answers, command, form):
    footer = "match only possibly" in answers[command, form][0].stdout.decode()
    assert footer == (form in ("markdown", "svg"))


@pytest.mark.parametrize("command", ASKING)
def test_every_format_reads_back(answers, command):
    def text(form: str) -> str:
        return answers[command, form][0].stdout.decode()

    rows = json.loads(text("json"), parse_float=Decimal)
    assert [json.loads(line, parse_float=Decimal) for line in text("jsonl").splitlines()] == rows
    header, *lines = csv.reader(io.StringIO(text("csv"), newline=""))
    assert [list(row) for row in rows] == [header] * len(lines)
    assert text("csv").count("\r\n") == len(lines) + 1
    assert text("tsv").splitlines()[0].split("\t") == header
    assert text("tsv").count("\n") == len(lines) + 1
    tomllib.loads(text("toml"))


def test_toml_of_a_query_is_a_store_with_the_same_events(env, tmp_path):
    asked = ["list", *ANY]
    snapshot = tmp_path / "part.toml"
    assert run(env, *asked, "-o", str(snapshot)).returncode == 0
    mine = json.loads(run(env, *asked, "-O", "json").stdout)
    theirs = json.loads(run(env, "-f", str(snapshot), *asked, "-O", "json").stdout)
    assert len(mine) > 20
    for event in (*mine, *theirs):
        del event["file"], event["line"]
    assert theirs == mine


# ---------------------------------------------------------------- pipes that close, disks that are full

SPEAKING = [[name, *words(name)] for name in TABLES] + [["schema"], ["--help"], ["list", "--help"], ["--version"], []]
SPEAKING += [["list", "--explain"], ["list", "-O", "json"]]
# What a process itself adds to that, when it starts and when it ends.
STARTED = [["list", *words("list")], ["schema"], ["--help"], []]


def named(arguments: list[str]) -> str:
    return " ".join(arguments) or "bare"


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose answers are larger than any buffer on their way."""
    path = tmp_path_factory.mktemp("big") / "facts.toml"
    events = [f'[[event]]\nid = "e{n}"\ndate = "2020"\ntitle = "{"x" * 200}"\n' for n in range(2000)]
    path.write_text("\n".join(events), "utf-8")
    return path


@posix
@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_that_has_had_enough_ends_it_quietly(env, big, form):
    done = program.bash(
        '"$@" | head -1 >/dev/null; echo ${PIPESTATUS[0]}', "-f", str(big), "list", "-O", form, cwd=TOP, env=env
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def write_to(stdout: TextIO | None, arguments: list[str]) -> tuple[int, str]:
    """Run the program in this process with that standard output; return its exit code and what it says of it."""
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    code = main(arguments, Environment(sys.stdin, stdout, err, os.environ))
    err.flush()
    return code, err.buffer.getvalue().decode()


@pytest.fixture
def inside(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process stand where the others do."""
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("XDG_CACHE_HOME", env["XDG_CACHE_HOME"])
    monkeypatch.delenv("AUTOTIMELINE_FILE", raising=False)


@posix
@pytest.mark.parametrize("arguments", SPEAKING, ids=named)
def test_a_pipe_that_nobody_reads_ends_it_quietly(inside, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stdout:
        assert write_to(stdout, arguments) == (0, "")


@pytest.mark.parametrize("arguments", SPEAKING, ids=named)
def test_a_closed_stdout_is_a_failure(inside, arguments):
    assert write_to(None, arguments) == (4, "autotimeline: standard output is closed\n")


@full
@pytest.mark.parametrize("arguments", SPEAKING, ids=named)
def test_a_full_disk_is_a_failure(inside, arguments):
    with open("/dev/full", "w") as stdout:
        assert write_to(stdout, arguments) == (4, "autotimeline: no space left on device\n")


@posix
@pytest.mark.parametrize("arguments", STARTED, ids=named)
def test_a_process_whose_pipe_nobody_reads_ends_quietly(env, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*PROGRAM, *arguments], cwd=TOP, env=env, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize("arguments", STARTED, ids=named)
def test_a_process_whose_stdout_is_closed_fails(env, arguments):
    done = program.bash('"$@" >&-', *arguments, cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (4, "autotimeline: standard output is closed\n")


@full
@pytest.mark.parametrize("arguments", STARTED, ids=named)
def test_a_process_whose_disk_is_full_fails(env, arguments):
    done = program.bash('"$@" >/dev/full', *arguments, cwd=TOP, env=env)
    assert (done.returncode, done.stderr) == (4, "autotimeline: no space left on device\n")


@full
def test_a_full_disk_under_an_output_file_is_a_failure(env):
    done = run(env, "list", "-O", "csv", "-o", "/dev/full")
    assert (done.returncode, done.stdout) == (4, b"")
    assert done.stderr == b"autotimeline: /dev/full: no space left on device\n"


@posix
def test_a_closed_stderr_changes_no_answer(env):
    done = program.bash('"$@" 2>&-', "list", "kind:nonesuch", "-e", cwd=TOP, env=env)
    assert (done.returncode, done.stdout) == (1, "")


# ---------------------------------------------------------------- output files

EXTENSIONS = [(name, ending) for name in FORMATS for ending in plugins.load(formats, name).EXTENSIONS]


@pytest.mark.parametrize(("form", "ending"), EXTENSIONS)
def test_the_ending_of_an_output_file_chooses_the_format(env, tmp_path, form, ending):
    path = tmp_path / f"answer{ending}"
    done = run(env, "list", *ANY, "-o", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert path.read_bytes() == run(env, "list", *ANY, "-O", form).stdout
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_format_that_is_named_beats_the_ending(env, tmp_path):
    run(env, "list", "-o", str(tmp_path / "answer.csv"), "-O", "json")
    assert json.loads((tmp_path / "answer.csv").read_bytes())


def test_an_ending_that_no_format_has_is_refused(env, tmp_path):
    done = run(env, "list", "-o", str(tmp_path / "answer.xyz"))
    assert done.returncode == 2
    assert f"no format has this extension; name one with -O {'|'.join(FORMATS)}".encode() in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_dash_is_standard_output(env):
    assert run(env, "list", "-o", "-").stdout == run(env, "list").stdout != b""


def test_the_mode_of_a_file_that_is_replaced_stays(env, tmp_path):
    path = tmp_path / "answer.csv"
    path.touch()
    path.chmod(0o600)
    assert run(env, "list", "-o", str(path)).returncode == 0
    assert path.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("more", [[], ["--explain"]], ids=["answer", "explanation"])
@pytest.mark.parametrize("name", ["facts.toml", "same.toml"])
def test_no_answer_is_written_over_the_store(env, tmp_path, name, more):
    store = tmp_path / "facts.toml"
    store.write_bytes(STORY.read_bytes())
    if name != store.name:
        (tmp_path / name).symlink_to(store)
    done = run(env, "list", "-o", name, *more, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == f"autotimeline: {name}: file of the store; name another file\n"
    assert store.read_bytes() == STORY.read_bytes()


@pytest.mark.parametrize(
    ("path", "reason"),
    [("nowhere/answer.csv", "no such file or directory"), (".", "is a directory")],
)
def test_an_output_file_that_cannot_be_written_is_a_failure(env, tmp_path, path, reason):
    done = run(env, "-f", str(STORY), "list", "-O", "csv", "-o", path, cwd=tmp_path)
    assert (done.returncode, done.stderr.decode()) == (4, f"autotimeline: {path}: {reason}\n")


def test_what_goes_wrong_leaves_an_earlier_answer_alone(env, tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text("earlier", "utf-8")
    assert run(env, "list", "actor:nobody", "-o", str(path)).returncode == 2
    assert path.read_text("utf-8") == "earlier"
    assert len(list(tmp_path.iterdir())) == 1


# ---------------------------------------------------------------- which store

ONE = '[[event]]\nid = "one"\ndate = 2020-01-01\ntitle = "One"\n'
TWO = '[[event]]\nid = "two"\ndate = 2019-01-01\ntitle = "Two"\n'


@pytest.fixture
def two(tmp_path: Path) -> Path:
    folder = tmp_path / "two stores"
    folder.mkdir()
    (folder / "a.toml").write_text(ONE, "utf-8")
    (folder / "b.toml").write_text(TWO, "utf-8")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["-f", "a.toml", "-f", "b.toml", "list"],
        ["-f", "a.toml", "list", "-f", "b.toml"],
        ["list", "-f", "a.toml", "-f", "b.toml"],
        ["list", "--file", ".", "--file=../c.toml"],
    ],
    ids=" ".join,
)
def test_files_join_in_order_before_and_after_the_command(env, two, arguments):
    # Of two files that both say what the store is called, the first is the one that names it.
    (two.parent / "c.toml").write_text("", "utf-8")
    done = run(env, *arguments, "-O", "plain", "--fields", "id,file", cwd=two)
    assert done.stderr == b""
    assert [line.split("\t")[0] for line in done.stdout.decode().splitlines()] == ["two", "one"]
    assert b"a.toml" in done.stdout
    assert b"b.toml" in done.stdout


def test_a_file_that_is_named_twice_is_refused(env, two):
    done = run(env, "-f", "a.toml", "list", "-f", "./a.toml", cwd=two)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"autotimeline: ./a.toml is named twice; name each file of the store once\n"


def test_the_environment_names_a_store_spaces_and_all(env, two):
    def ids(value: str, *arguments: str) -> list[str]:
        done = run(
            env | {"AUTOTIMELINE_FILE": value}, *arguments, "list", "-O", "plain", "--fields", "id", cwd=two.parent
        )
        assert done.stderr == b""
        return done.stdout.decode().split()

    assert ids("two stores/a.toml") == ["one"]
    assert ids("two stores") == ["two", "one"]
    assert ids(os.pathsep.join(("two stores/a.toml", "two stores/b.toml"))) == ["two", "one"]
    assert ids("two stores/a.toml", "-f", "two stores/b.toml") == ["two"]


def test_the_nearest_facts_toml_is_the_store(env, tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "facts.toml").write_text(ONE, "utf-8")
    done = run(env, "list", "-O", "plain", "--fields", "id,file", cwd=below)
    assert done.stdout.decode() == f"one\t{os.path.join('..', '..', 'facts.toml')}\n"


def test_a_store_may_come_in_on_standard_input(env, tmp_path):
    done = run(env, "-f", "-", "list", "-O", "plain", "--fields", "id,file", cwd=tmp_path, stdin=ONE.encode())
    assert (done.returncode, done.stdout) == (0, b"one\t-\n")


# ---------------------------------------------------------------- exit codes

INVALID = '[[event]]\nid = "one"\ndate = "2020-13"\ntitle = "One"\n'
UNCLEAN = ONE + 'links = { related = ["nowhere"] }\n'


@pytest.mark.parametrize(
    ("arguments", "store", "code"),
    [
        (["list"], ONE, 0),
        (["list", "kind:deal"], ONE, 0),
        (["list", "since:2021"], ONE, 0),
        (["list"], "", 0),
        ([], ONE, 0),
        ([], None, 0),
        (["--help"], None, 0),
        (["--version"], None, 0),
        (["list", "--help"], None, 0),
        (["check"], ONE, 0),
        (["list", "-e"], ONE, 0),
        (["list", "since:2021", "-e"], ONE, 1),
        (["timeline", "since:2021", "--exit-status"], ONE, 1),
        (["check"], UNCLEAN, 1),
        (["check", "--strict"], ONE, 1),
        (["check"], INVALID, 1),
        (["list", "actor:nobody"], ONE, 2),
        (["list", "nonesuch:1"], ONE, 2),
        (["list", "since:tomorow"], ONE, 2),
        (["list", "("], ONE, 2),
        (["list", "--nonesuch"], ONE, 2),
        (["list", "-O", "nonesuch"], ONE, 2),
        (["list", "--fields", "nonesuch"], ONE, 2),
        (["list", "--sort", "nonesuch"], ONE, 2),
        (["list", "-n", "-1"], ONE, 2),
        (["list", "--color", "sometimes"], ONE, 2),
        (["list", "--as-of", "nonesuch"], ONE, 2),
        (["names"], ONE, 2),
        (["names", "nonesuch"], ONE, 2),
        (["show", "nonesuch"], ONE, 2),
        (["show"], ONE, 2),
        (["actor:one"], ONE, 2),
        (["list"], None, 3),
        (["list"], INVALID, 3),
        (["timeline"], "[[event]\n", 3),
        (["list", "-f", "nowhere.toml"], ONE, 3),
        (["init"], ONE, 4),
        (["list", "-o", "nowhere/answer.csv"], ONE, 4),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_exit_codes(env, tmp_path, arguments, store, code):
    if store is not None:
        (tmp_path / "facts.toml").write_text(store, "utf-8")
    done = run(env, *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    if code > 1:
        assert done.stdout == b""
        first = done.stderr.decode().splitlines()[0]
        assert first.startswith(("autotimeline: ", "facts.toml:")), first


@posix
@pytest.mark.parametrize("command", ASKING)
def test_an_interrupt_ends_it_with_130_and_without_a_word(env, command):
    process = subprocess.Popen(
        [*PROGRAM, "-f", "-", command, *words(command)],
        cwd=TOP,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdin
        process.stdin.write(ONE.encode())
        process.stdin.flush()
        _wait_until_it_reads(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def _wait_until_it_reads(pid: int) -> None:
    """Wait until the process sleeps in a read of its standard input."""
    asleep = Path(f"/proc/{pid}/wchan")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(0.05)
        if not asleep.exists():
            time.sleep(2)
            return
        if "pipe" in asleep.read_text("ascii") or _in_read(pid):
            return


def _in_read(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/syscall").read_text("ascii").split()
    except OSError:
        time.sleep(1)
        return True
    return state[:2] in (["0", "0x0"], ["63", "0x0"])  # read(0, …) of x86-64 and of ARM


def test_what_goes_wrong_is_said_on_stderr_alone_with_what_to_write_instead(env):
    done = run(env, "list", "actor:leapmoter")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b'autotimeline: no actor "leapmoter"; did you mean "leapmotor"?\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["actor:catl"], 'no command "actor:catl"; did you mean "list actor:catl"?'),
        (["-f", "facts.toml", "actor:catl"], 'no command "actor:catl"; did you mean "list actor:catl"?'),
        (["--today", "2025-11-22", "lst"], 'no command "lst"; did you mean "list"?'),
        (["it's"], 'no command "it\'s"; did you mean "list it\'s"?'),
        (
            ["list", "-n", "x"],
            "invalid value for '-n' / '--limit': 'x' is not a whole number; see `autotimeline list --help`",
        ),
        (
            ["list", "-n", "9223372036854775808"],
            "--limit 9223372036854775808: number too large; write at most 9223372036854775807",
        ),
        (
            ["list", "-n", "9" * 5000],
            f"invalid value for '-n' / '--limit': '{'9' * 5000}' is not a whole number; see `autotimeline list --help`",
        ),
        (["list", "--since"], "option '--since' requires an argument; see `autotimeline list --help`"),
        (["list", "--color", "blue"], '--color "blue": write auto, always, never'),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_is_wrong_with_a_command_line_is_said_with_what_to_write_instead(env, arguments, said):
    done = run(env, *arguments)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"autotimeline: {said}\n")


@posix
def test_a_store_from_a_closed_standard_input_cannot_be_read(env):
    done = program.bash('"$@" <&-', "-f", "-", "list", cwd=TOP, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "autotimeline: -: standard input is closed\n")


# ---------------------------------------------------------------- what was promised, to the letter

PROMISED = """\
$ autotimeline list -p 2023Q4 --certain -O plain --fields id
leapmotor-deal
leapmotor-international
$ autotimeline list actor:catl not status:planned -O plain --fields id,date
catl-jv\t2024-12
$ autotimeline list investment:2bn.. -O plain --fields id
catl-jv
$ autotimeline list investment:2bn.. --certain -O plain --fields id
$ autotimeline list is:disputed -p 2024Q3 -O plain --fields match
possible
$ autotimeline list since:2022-06 -O plain --fields id | grep -c tavares-remark
1
$ autotimeline list since:2022-06 --certain -O plain --fields id | grep -c tavares-remark
0
$ autotimeline list is:disputed -O plain --fields id | wc -l
1
$ autotimeline list actor:leapmoter; echo $?
autotimeline: no actor "leapmoter"; did you mean "leapmotor"?
2
$ autotimeline list -O json | python3 -c 'import json,sys; e=json.load(sys.stdin); print(len(e) >= 29, sorted(e[0])[:3])'
True ['actors', 'date', 'disputed']
$ autotimeline list | head -1 >/dev/null; echo ${PIPESTATUS[0]}
0
"""  # noqa: E501  as it was promised


@posix
@pytest.mark.parametrize("promise", PROMISED.removeprefix("$ ").split("\n$ "), ids=lambda text: text.partition("\n")[0])
def test_what_was_promised(env, promise):
    command, _, expected = promise.partition("\n")
    path = os.pathsep.join((str(program.SCRIPTS), env["PATH"]))
    done = program.bash(f"exec 2>&1; {command}", cwd=TOP, env=env | {"PATH": path})
    assert done.stdout.rstrip("\n") == expected.rstrip("\n")


def test_every_problem_of_a_store_is_a_line_with_its_place(env, tmp_path):
    (tmp_path / "facts.toml").write_text(INVALID + 'kind = ""\n', "utf-8")
    done = run(env, "list", cwd=tmp_path)
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 2
    assert all(re.match(r'facts\.toml:\d+: event "one": ', line) for line in lines)


# ---------------------------------------------------------------- on a terminal


@posix
@pytest.mark.parametrize(
    ("more", "set_to", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"TERM": "dumb"}, False),
        ([], {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (["--color", "never"], {}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "always"], {"TERM": "dumb"}, True),
        (["--color", "auto"], {"NO_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(env, more, set_to, coloured):
    code, sent = program.terminal(["timeline", *more], cwd=TOP, env=env | set_to)
    assert code == 0
    assert ("\x1b[" in sent) == coloured


@pytest.mark.parametrize("form", FORMATS)
def test_colour_in_a_pipe_is_for_pictures_that_were_asked_for_in_colour(env, form):
    done = run(env, "list", "-O", form, "--color", "always")
    assert (b"\x1b[" in done.stdout) == (form == "table")
    if form == "table":
        assert run(env | {"FORCE_COLOR": "1"}, "list", "-O", form).stdout == done.stdout


def test_a_file_has_no_colour_unless_asked(env, tmp_path):
    run(env | {"TERM": "xterm"}, "timeline", "-O", "table", "-o", str(tmp_path / "a"))
    assert b"\x1b" not in (tmp_path / "a").read_bytes()


@posix
def test_a_terminal_is_shown_a_table_with_its_footer_and_a_pipe_plain_lines(env):
    _, sent = program.terminal(["list", *ANY], cwd=TOP, env=env | {"NO_COLOR": "1"}, columns=200)
    assert sent.splitlines()[0].split() == ["id", "date", "status", "kind", "title"]
    assert sent.splitlines()[-1].endswith(
        "match only possibly (an imprecise date or amount, or sources that disagree); 7 undated events left out"
    )
    assert run(env, "list", *ANY).stdout == run(env, "list", *ANY, "-O", "plain").stdout


@posix
def test_a_terminal_is_told_what_relative_words_were_taken_for_and_that_nothing_matches(env):
    asked = ["list", "since:last-year", "kind:deal", "--today", "2025-11-22"]
    code, sent = program.terminal(asked, cwd=TOP, env=env)
    assert code == 0
    assert sent.splitlines()[0] == "since:last-year is 2024-01-01.."
    assert sent.splitlines()[-1].startswith("nothing matches")
    assert run(env, *asked).stderr == b""


HOSTILE = """\
[store]
title = "\\u001b]0;pwned\\u0007 store"

[source.s]
title = "[/foo] \\u001b[31msource\\u202e"

[actor.a]
name = "\\u009b31mactor\\u2066 [sic] :smile:"

[alias]
x = "\\u001b[2Jtext"

[[event]]
id = "hostile"
date = "2020~"
printed = "\\u001b[Aprinted"
title = "\\u001b]0;pwned\\u0007 \\u202egnp.exe\\u2069 [/foo] [sic] :smile:\\r\\n\\u0085\\u2028end"
kind = "\\u001b[5mkind"
actors = { "\\u001brole" = "a" }
places = ["\\u001b[8mplace, \\u200fthere"]
tags = ["\\u007ftag"]
figures.sales = { printed = "\\u001b[31mmany" }
sources = [{ id = "s", quote = "\\u001b[31mquote\\u202d", by = "a" }]
note = "\\u001b]8;;http://x\\u0007note"
accept = { "\\u001b[31mrule" = "\\u001b[31mreason" }
links = { leads-to = ["later"] }

[[event]]
id = "later"
date = "2021"
title = "\\u001b[31mlater"
"""
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@posix
@pytest.mark.parametrize(
    ("command", "form"),
    [("show", form) for form in FORMATS] + [(name, "") for name in ASKING] + [("list", "csv"), ("list", "json")],
)
def test_nothing_from_a_store_steers_a_terminal(env, tmp_path, command, form):
    (tmp_path / "facts.toml").write_text(HOSTILE, "utf-8")
    asked = {
        "show": ["hostile"],
        "names": ["actors"],
        "count": ["--by", "actor,tag"],
        "check": ["--strict"],
        "chart": ["--by", "actor"],
        "compare": ["hostile", "not text:x"],
        "elapsed": ["leads-to"],
    }.get(command, [])
    line = [command, *asked, *(["-O", form] if form else [])]
    code, sent = program.terminal(
        line, cwd=tmp_path, env=env | {"NO_COLOR": "1"}, columns=40 if form == "table" else 120
    )
    assert code == (1 if command == "check" else 0)
    assert "hostile" in sent or "actor" in sent
    # The line end of CSV is CR LF on a terminal too.
    assert not STEERS.findall(sent.replace("\r\n", "\n") if form == "csv" else sent)
    assert "😄" not in sent


@posix
@pytest.mark.parametrize(
    "line",
    [
        [],
        ["list", "kind:\x1b[31mx"],
        ["list", "actor:\x1b[31mx"],
        ["list", "--explain", "\x1b[31m"],
        ["names", "roles"],
        ["names", "aliases"],
        ["list", "-O", "\x1b[31m"],
        ["\x1b[31m:x"],
        ["list", "-o", "\x1b[31m/x.csv"],
        ["list", "--\x1b[31m"],
    ],
    ids=ascii,
)
def test_nothing_said_steers_a_terminal(env, tmp_path, line):
    (tmp_path / "facts.toml").write_text(HOSTILE, "utf-8")
    _, sent = program.terminal(line, cwd=tmp_path, env=env | {"NO_COLOR": "1"})
    assert sent
    assert not STEERS.findall(sent)


# ---------------------------------------------------------------- spreadsheets

FORMULAS = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "'=1", "\t=1", "-1", "+49", "plain"]


def test_no_spreadsheet_runs_a_cell_unless_it_is_left_raw(env, tmp_path):
    events = [f'[[event]]\nid = "e{n}"\ntitle = {json.dumps(title)}\n' for n, title in enumerate(FORMULAS)]
    (tmp_path / "facts.toml").write_text("\n".join(events), "utf-8")

    def titles(*more: str) -> list[str]:
        done = run(env, "list", "-O", "csv", "--fields", "title", *more, cwd=tmp_path)
        return [row[0] for row in csv.reader(io.StringIO(done.stdout.decode("utf-8-sig"), newline=""))][1:]

    assert titles() == ["'=1+1", "'+1+1", "'-2+3", "'@SUM(A1)", "''=1", "'\t=1", "-1", "+49", "plain"]
    assert titles("--raw") == FORMULAS
    assert titles("--bom", "--raw") == FORMULAS
    assert run(env, "list", "-O", "csv", "--bom", cwd=tmp_path).stdout.startswith("\ufeffid,".encode())


# ---------------------------------------------------------------- JSON


@pytest.fixture(scope="module")
def events(env: dict[str, str]) -> list[dict[str, object]]:
    return json.loads(run(env, "list", *ANY, "-O", "json").stdout, parse_float=Decimal)


def section(title: str) -> str:
    """The text of docs/contract.md under a heading."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", CONTRACT, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def documented(title: str) -> list[list[str]]:
    """The rows of the first table under a heading of docs/contract.md, without its header; cells without backticks."""
    lines = re.findall(r"^\|(.*)\|$", section(title), re.MULTILINE)
    assert lines, title
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)] for line in lines[2:]]


def coded(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def described(title: str, after: str = "") -> dict[str, str]:
    """The types of the names in the first signature under a heading, or after a text there."""
    text = section(title).partition(after)[2] if after else section(title)
    return dict(re.findall(r"([\w-]+): ([\w?]+)", text.split("```")[1]))


KINDS = {
    "text": lambda value: isinstance(value, str) and value != "",
    "text?": lambda value: value is None or (isinstance(value, str) and value != ""),
    "day?": lambda value: value is None or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None,
    "number?": lambda value: value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)),
    "integer?": lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool)),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "boolean?": lambda value: value is None or isinstance(value, bool),
    "texts": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "records": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
}


def assert_described(records: Iterable[dict[str, object]], kinds: dict[str, str]) -> None:
    """Assert that records have these keys, in this order, with values of these types."""
    for record in records:
        assert list(record) == list(kinds)
        for name, kind in kinds.items():
            assert KINDS[kind](record[name]), (name, record)


def test_the_fields_of_an_event_are_those_of_the_contract_in_its_order(events):
    kinds = described("The fields of an event")
    assert tuple(kinds) == tuple(COLUMNS)
    assert_described(events, kinds)


def test_the_records_of_slips_are_those_of_the_contract(env, tmp_path):
    events = ('status = "planned"\ndate = "2024"', 'date = "2025-03"\nlinks.fulfils = ["e0"]')
    text = "".join(f'[[event]]\nid = "e{n}"\ntitle = "E"\n{keys}\n' for n, keys in enumerate(events))
    (tmp_path / "facts.toml").write_text(text, "utf-8")
    shown = json.loads(run(env, "show", "e0", "e1", "-f", str(tmp_path / "facts.toml"), "-O", "json").stdout)
    assert [list(event) for event in shown] == [[*COLUMNS, "slips"]] * 2
    assert_described((record for event in shown for record in event["slips"]), described("The records of `slips`"))


@pytest.mark.parametrize("command", ["list", "timeline"])
def test_the_fields_of_time_passing_are_those_of_the_contract(env, command):
    told = run(env, command, *ANY, "--gap", "--since-event", "catl-jv", "-O", "json").stdout
    kinds = described("The fields of time passing")
    assert list(kinds) == [name for fields in ELAPSED_COLUMNS.values() for name in fields]
    assert_described(json.loads(told), described("The fields of an event") | kinds)


def test_the_fields_of_a_chart_are_those_of_the_contract_in_its_order(env):
    found = json.loads(run(env, "chart", "--by", "actor", "-O", "json", "--today", "2025-11-22").stdout)
    assert len(found) > 34
    assert_described(found, described("The fields of a `chart`"))


@pytest.mark.parametrize("name", ["actors", "figures", "sources", "links"])
def test_the_records_within_an_event_are_those_of_the_contract(events, name):
    records = [record for event in events for record in event[name]]
    assert records
    assert_described(records, described(f"The records of `{name}`"))


@pytest.mark.parametrize(
    ("view", "more", "after"),
    [("figures", [], ""), ("rates", ["--per", "month"], "`--per`"), ("sums", ["--sum"], "`--sum`")],
)
def test_the_rows_of_figures_are_those_of_the_contract(env, view, more, after):
    shape, title = plugins.load(views, view), "The rows of `figures`"
    kinds = described(title, f"\nWith {after}" if after else "")
    if view == "rates":
        *figures, holder = described(title).items()
        kinds = dict([*figures, *kinds.items(), holder])
    assert tuple(kinds) == shape.FIELDS
    if after:
        words = section(title).partition(f"\nWith {after}")[2]
        assert tuple(coded(re.search(r"brief (?:fields are )?((?:`\w+` ?)+)", words)[1])) == shape.DEFAULT_FIELDS
    found = json.loads(run(env, "figures", *ANY, *more, "-O", "json").stdout, parse_float=Decimal)
    assert found
    assert_described(found, kinds)


def test_numbers_are_exact(env, tmp_path):
    (tmp_path / "facts.toml").write_text(ONE + 'figures.x = "0.1"\nfigures.y = "100000000000.01 EUR"\n', "utf-8")
    text = run(env, "list", "-O", "json", "--fields", "figures", cwd=tmp_path).stdout.decode()
    assert '"low": 0.1, "high": 0.1' in text
    assert '"low": 100000000000.01' in text


@pytest.mark.parametrize("form", FORMATS)
def test_fields_come_in_the_order_asked_for(env, form):
    if form == "toml":
        pytest.skip("a store is always whole")
    text = run(env, "list", "id:catl-jv", "-O", form, "--fields", "kind,id,match").stdout.decode()
    # A picture begins with what was asked for.
    assert text.index("joint-venture") < text.rindex("catl-jv")
    if form not in ("table", "markdown", "svg"):  # there `certain` goes without saying
        assert text.index("catl-jv") < text.index("certain")


@pytest.mark.parametrize(("form", "none"), [("json", "[]\n"), ("jsonl", ""), ("plain", ""), ("table", "")])
def test_an_answer_without_rows(env, form, none):
    done = run(env, "list", "kind:deal", "kind:remark", "-O", form)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, none, b"")


def test_flattened_lists_can_be_taken_apart_again(env, tmp_path):
    tags = ["a; b", "c\\d", "e|f"]
    text = ONE + f"tags = {json.dumps(tags)}\n" + 'figures.x = { printed = "p | q; r\\\\s" }\n'
    (tmp_path / "facts.toml").write_text(text, "utf-8")
    done = run(env, "list", "-O", "csv", "--fields", "tags,figures", cwd=tmp_path)
    row = list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))[1]
    items = [re.sub(r"\\([;\\])", r"\1", item) for item in re.split(r"(?<!\\)(?:\\\\)*; ", row[0])]
    assert row[0] == r"a\; b; c\\d; e|f"
    assert items == tags
    assert row[1] == r"x=p \\| q\; r\\\\s"


# ---------------------------------------------------------------- the document names what there is


def test_every_command_is_documented_with_its_brief_fields():
    tables = {code: tuple(coded(row[2])) for row in documented("Commands") for code in coded(row[0])}
    lines = section("Commands").partition("print no rows:")[2].partition("Without a command")[0]
    arguments = {code.partition(" ")[0]: code.split()[1:] for code in (*tables, *coded(lines))}
    takers = {name: [word.metavar for word in command.arguments] for name, command in COMMANDS.items()}
    assert {name: arguments.get(name) for name in takers} == takers
    assert sorted(code.partition(" ")[0] for code in tables) == sorted(TABLES)
    for code, brief in tables.items():
        name = code.partition(" ")[0]
        if name in plugins.list_names(views) and (fields := plugins.load(views, name).DEFAULT_FIELDS):
            assert brief == fields, name


def test_every_format_is_documented_with_its_endings_and_fields():
    rows = documented("Formats")
    assert [coded(row[0])[0] for row in rows] == FORMATS
    for row in rows:
        form = plugins.load(formats, coded(row[0])[0])
        assert tuple(coded(row[1])) == form.EXTENSIONS
        assert row[2] == ("all" if form.ALL_FIELDS_BY_DEFAULT else "brief"), row


def commands_in(text: str) -> set[str]:
    """Return the commands that a line about options names; a group of commands may be among them, as in "*queries*"."""
    included, _, excluded = text.partition(" but not ")
    groups = dict(re.findall(r"^- \*(\w+)\*: (.+)$", section("Options"), re.MULTILINE))
    of_groups = (commands_in(groups[group]) for group in re.findall(r"\*(\w+)\*", included))
    return set(coded(included)).union(*of_groups) - set(coded(excluded))


def spelled(text: str) -> list[str]:
    """Return the options that a text names, each as `-f --file FILE`."""
    return re.findall(r"(?:-\w )?--\S+(?: [^\s-]\S*)?", " ".join(coded(text)))


def test_every_option_is_documented_with_the_commands_that_take_it():
    takers: dict[str, set[str]] = {"-h --help": set(), "--version": set()}
    metavars: dict[str, set[str]] = {}
    for name, command in COMMANDS.items():
        for option in command.options:
            takers.setdefault(" ".join(option.flags), set()).add(name)
            metavars.setdefault(" ".join(option.flags), set()).add(option.metavar)
    lines = re.findall(r"(?:^- |^  |, )((?:`-[^`]+` )+)\(([^)]+)\)", section("Options"), re.MULTILINE)
    own = re.findall(r"^- ([^:]+): ((?:.|\n  )+)$", section("Options of one command"), re.MULTILINE)
    shown = {
        option: commands_in(names)
        for text, names in [*lines, *((text, name) for name, text in own)]
        for option in spelled(text)
    }
    flags = {re.sub(r" [^-]\S*$", "", option): option for option in shown}
    assert {flag: shown[option] for flag, option in flags.items()} == takers
    for flag, known in metavars.items():
        assert flags[flag].removeprefix(flag).strip() in known, flag


def test_every_rule_of_check_is_documented():
    levels = re.findall(r"^- (\w+): (`.+)$", section("The rules of `check`"), re.MULTILINE)
    rules = {name: plugins.load(checks, name).LEVEL for name in plugins.list_names(checks)}
    assert {name: level for level, names in levels for name in coded(names)} == rules


def test_no_help_is_cut_short(env):
    assert "..." not in run(env, "--help").stdout.decode().replace("[ARGS]...", "")


def test_every_exit_code_is_documented():
    assert re.findall(r"^- `(\d+)`: ", section("Exit codes"), re.MULTILINE) == ["0", "1", "2", "3", "4", "130"]
