"""`autotimeline batch`: many questions in one process, each answered as a process of its own would."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import program
from asking import ask
from autotimeline.cli import main
from autotimeline.cli.environment import Environment
from autotimeline.index import cache as index
from autotimeline.store import locate
from program import PROGRAM, STORY, TOP, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes as files and bash as POSIX has them")
TODAY = ["--today", "2025-11-22"]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("cache"))


def batch(
    env: dict[str, str], *questions: str, options: tuple[str, ...] = (), cwd: Path = TOP
) -> subprocess.CompletedProcess[bytes]:
    return program.run(*TODAY, "batch", *options, cwd=cwd, env=env, stdin="\n".join(questions).encode())


def records(env: dict[str, str], *questions: str, cwd: Path = TOP) -> list[dict[str, object]]:
    return [json.loads(line) for line in batch(env, *questions, options=("--jsonl",), cwd=cwd).stdout.splitlines()]


# ---------------------------------------------------------------- as a process of its own

WORDS = st.sampled_from(
    [
        "actor:leapmotor",
        "actor:leapmotr",
        "since:2023",
        "since:last-year",
        "not status:planned",
        "kind:nonesuch",
        "is:overdue",
        "near:@leapmotor-deal/90d",
        '"joint venture"',
        "era:tavares",
        "中国",
        "investment:1bn..",
        "2025-3",
        ":jv",
        "(",
    ]
)
FLAGS = st.sampled_from(
    [
        "-O json",
        "-O csv",
        "-O markdown",
        "-O toml",
        "-O table",
        "-O tvs",
        "-n 2",
        "-n x",
        "-r",
        "--certain",
        "--sort title",
        "--fields id,note",
        "--as-of 2024",
        "--explain",
        "-e",
        "--foo",
        "--color always",
        "--no-cache",
        "--gap",
        "--since-event catl-jv",
        "-f facts.toml",
        "-f missing.toml",
        "--help",
    ]
)
HEADS = st.sampled_from(
    [
        "list",
        "timeline",
        "show leapmotor-deal",
        "show nobody",
        "names kinds",
        "names",
        "check",
        "check --strict",
        "schema",
        "lits",
        "--version",
        "batch",
        "--color never",
        "completion bash",
        "list 'open",
    ]
)
LINES = st.builds(
    lambda head, words, flags: " ".join((head, *words, *flags)),
    HEADS,
    st.lists(WORDS, max_size=2),
    st.lists(FLAGS, max_size=2),
)


def alone(env: dict[str, str], line: str) -> tuple[int, bytes, bytes] | None:
    """What a process of its own answers; None where no shell would start it, or where it reads standard input."""
    if "'" in line or (line.startswith("batch") and "--help" not in line):
        return None
    done = program.start(*TODAY, *shlex.split(line), cwd=TOP, env=env)
    return done.returncode, done.stdout, done.stderr


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=4, max_size=10, unique=True))
def test_an_answer_is_that_of_a_process_of_its_own(env, lines):
    with ThreadPoolExecutor(2) as pool:
        expected = list(pool.map(lambda line: alone(env, line), lines))
    told = records(env, *lines)
    done = batch(env, *lines, options=("-0",))
    *parts, end = done.stdout.split(b"\0")
    assert end == b""
    assert [record["question"] for record in told] == lines
    for record, part, own in zip(told, parts, expected, strict=True):
        assert str(record["answer"]).encode() == part
        if own is None:
            assert (record["code"], record["answer"]) == (2, "")
        else:
            assert (record["code"], part, str(record["errors"]).encode()) == own
    assert done.stderr.decode() == "".join(str(record["errors"]) for record in told)
    assert done.returncode == max(int(str(record["code"])) for record in told)


def test_what_stands_before_is_for_every_question(env):
    line = f"-f '{STORY}' --today 2020-01-01 --no-cache --color always"
    asked = [
        "list since:last-year -O table",
        "schema",
        "check",
        f"list -f '{STORY}'",
        "list --today 2025-01-01 is:overdue",
    ]
    done = program.run(*shlex.split(line), "batch", "-0", cwd=Path("/"), env=env, stdin="\n".join(asked).encode())
    own = [program.run(*shlex.split(line), *shlex.split(question), cwd=Path("/"), env=env) for question in asked]
    assert done.stdout.split(b"\0") == [*(one.stdout for one in own), b""]
    assert done.returncode == max(one.returncode for one in own) == 2
    assert b"\x1b[" in done.stdout


@posix
def test_on_a_terminal_an_answer_is_drawn(env):
    line = ["list", "actor:leapmotor"]
    _, alone = program.terminal(line, cwd=TOP, env=env)
    script = f"echo {' '.join(line)} | {shlex.join(PROGRAM)} batch"
    _, sent = program.terminal(["-c", script], command=["bash"], cwd=TOP, env=env)
    assert sent == alone + "\n"


# ---------------------------------------------------------------- lines in, answers out


def test_empty_lines_and_comments_ask_nothing(env):
    done = batch(
        env, "", "# list", "   ", " list id:catl-jv --fields id\r", "\t# x", "list id:leapmotor-deal --fields id"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"catl-jv\n\nleapmotor-deal\n\n", b"")


def test_no_question_is_no_answer(env):
    for options in ((), ("-0",), ("--jsonl",)):
        done = batch(env, "# nothing", options=options)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_every_mode_ends_an_answer_in_its_own_way(env):
    asked = ["list id:catl-jv --fields id", "list id:nobody", "list id:catl-jv id:leapmotor-deal"]
    error = 'autotimeline: no event "nobody"\n'
    lines, null, jsonl = (batch(env, *asked, options=options) for options in ((), ("--null",), ("--jsonl",)))
    assert (lines.stdout, lines.stderr.decode()) == (b"catl-jv\n\n\n\n", error)
    assert (null.stdout, null.stderr.decode()) == (b"catl-jv\n\0\0\0", error)
    assert jsonl.stderr == b""
    assert jsonl.stdout.decode() == (
        '{"question": "list id:catl-jv --fields id", "code": 0, "answer": "catl-jv\\n", "errors": ""}\n'
        '{"question": "list id:nobody", "code": 2, "answer": "",'
        ' "errors": "autotimeline: no event \\"nobody\\"\\n"}\n'
        '{"question": "list id:catl-jv id:leapmotor-deal", "code": 0, "answer": "", "errors": ""}\n'
    )
    assert lines.returncode == null.returncode == jsonl.returncode == 2


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("list -f a\0b", "autotimeline: list -f a\\x00b: a word cannot contain a NUL byte; remove it\n"),
        ('list "x', 'autotimeline: list "x: unclosed quote; close it, or write a final backslash as \\\\\n'),
        ("list x\\", "autotimeline: list x\\: unclosed quote; close it, or write a final backslash as \\\\\n"),
        ("lits", 'autotimeline: no command "lits"; did you mean "list"?\n'),
        *(
            (
                line,
                "autotimeline: standard input: already in use for the queries; name a file\n",
            )
            for line in ("batch", "batch -0", "-f - list", "list -f - -f facts.toml", "check -f -")
        ),
    ],
)
def test_a_wrong_line_is_told_and_the_next_is_answered(env, line, error):
    done = batch(env, line, "list id:catl-jv --fields id")
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"\ncatl-jv\n\n", error)


def test_two_ways_to_end_an_answer_are_refused(env):
    done = batch(env, "list", options=("-0", "--jsonl"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"autotimeline: --null and --jsonl exclude each other; choose one\n"


def test_the_exit_code_is_the_highest(env, tmp_path):
    (tmp_path / "facts.toml").write_text("[[event]]\nid = 1\n", "utf-8")
    for lines, code in [
        (["schema"], 0),
        (["schema", "check", "schema"], 1),
        (["check", "lits"], 2),
        (["list", "x:"], 3),
    ]:
        assert batch(env, *lines, cwd=tmp_path).returncode == code, lines


def test_a_question_in_no_encoding_is_answered_as_its_bytes(env):
    line = b"list caf\xff"
    done = program.run("batch", "--jsonl", cwd=TOP, env=env, stdin=line)
    own = subprocess.run(
        [*map(os.fsencode, PROGRAM), *line.split()], cwd=TOP, env=env, capture_output=True, check=False
    )
    told = json.loads(done.stdout)
    assert told["question"] == os.fsdecode(line)
    assert (told["code"], told["answer"].encode(), told["errors"].encode()) == (own.returncode, own.stdout, own.stderr)


def test_other_commands_do_what_they_do(env, tmp_path):
    done = batch(env, "list", "init", "list -o x.csv", "check", "init", "names kinds", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stdout == b"\n" * 6
    assert (tmp_path / "facts.toml").exists()
    assert (tmp_path / "x.csv").read_text("utf-8").startswith("id,")
    first, second, third = done.stderr.decode().splitlines()
    assert first.startswith("autotimeline: no facts.toml in this directory")
    assert second.startswith("facts.toml created")
    assert third == "autotimeline: facts.toml already exists; name another file, or move it away"


# ---------------------------------------------------------------- a conversation


@contextmanager
def conversation(env: dict[str, str], *before: str) -> Iterator[Callable[[str], dict[str, object]]]:
    """A batch that is asked a question only when the one before is answered."""
    with subprocess.Popen(
        [*PROGRAM, *before, "batch", "--jsonl"], cwd=TOP, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout

        def asked(line: str) -> dict[str, object]:
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            found: dict[str, object] = json.loads(process.stdout.readline())
            return found

        yield asked
        process.stdin.close()


def event(title: str) -> str:
    return f'[[event]]\nid = "a"\ntitle = "{title}"\n'


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("more", [[], ["--no-cache"]])
def test_a_file_that_changed_in_between_is_noticed(env, tmp_path, more, settled):
    store = tmp_path / "facts.toml"
    titles = ["one", "two", "six", "a longer one"]
    store.write_text(event("old"), "utf-8")
    with conversation(env, "-f", str(store), *more) as asked:

        def answer() -> object:
            return asked("list --fields title")["answer"]

        for title in titles:
            store.write_text(event(title), "utf-8")
            if settled:
                os.utime(store, (1, 1))
                # Another process brings the index up to date before the batch does.
                assert program.run("-f", str(store), "list", cwd=TOP, env=env).returncode == 0
            assert answer() == answer() == f"{title}\n"
        store.write_text("[[event]]\n", "utf-8")
        assert (asked("list")["code"], asked("check")["code"]) == (3, 1)
        store.unlink()
        assert asked("list")["code"] == 3
        store.write_text(event("back"), "utf-8")
        assert answer() == "back\n"


def test_a_folder_gains_a_file(env, tmp_path):
    (tmp_path / "a.toml").write_text(event("one"), "utf-8")
    with conversation(env, "-f", str(tmp_path)) as asked:
        assert asked("list --fields id")["answer"] == "a\n"
        (tmp_path / "b.toml").write_text(event("two").replace('"a"', '"b"'), "utf-8")
        assert asked("list --fields id")["answer"] == "a\nb\n"


@posix
def test_a_store_that_can_be_read_only_once_answers_every_question(env):
    script = '"$@" -f <(cat facts.toml) batch -0 <<< "$QUESTIONS"'
    asked = ["list id:catl-jv --fields id", "check", "names kinds -n 1", "list id:leapmotor-deal --fields id"]
    done = program.bash(script, cwd=TOP, env=env | {"QUESTIONS": "\n".join(asked)})
    assert done.stdout.split("\0") == ["catl-jv\n", "", "sales\t\t6\n", "leapmotor-deal\n", ""]
    assert (done.returncode, done.stderr) == (0, "")


def settled_store(folder: Path) -> str:
    path = folder / "facts.toml"
    path.write_text(event("one"), "utf-8")
    return str(path)


def test_the_connection_is_held_while_the_files_are_unchanged(cache, tmp_path, monkeypatch):
    monkeypatch.setattr(locate, "SETTLED_NS", 0)
    path = settled_store(tmp_path)
    with index.connection_pool():
        first = index.connect([path])
        assert index.connect([path]) is first
        assert index.connect([path], cache=False) is not first
        Path(path).write_text(event("another"), "utf-8")
        second = index.connect([path])
        assert second is not first
        second.close()
        assert index.connect([path]).execute("SELECT title FROM event").fetchall() == [("another",)]
    assert index.connect([path]) is not index.connect([path])


class Typed:
    """Standard input that has a line as soon as it is asked for."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.buffer = self
        self.lines = lines

    def readline(self, size: int = -1) -> bytes:
        return next(self.lines, b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"no database at all\n" * 1000)


def without_a_table(path: Path) -> None:
    import sqlite3

    db = sqlite3.connect(path)
    db.execute("DROP TABLE event")
    db.commit()
    db.close()


@pytest.mark.parametrize("damage", [overwritten, without_a_table, Path.unlink])
def test_damage_between_two_questions_costs_only_time(damage, cache, tmp_path, monkeypatch):
    monkeypatch.setattr(locate, "SETTLED_NS", 0)
    path = settled_store(tmp_path)

    def questions() -> Iterator[bytes]:
        yield b"list --fields title\n"
        (kept,) = cache.glob("*.sqlite")
        damage(kept)
        yield b"list --fields title,id\n"
        yield b"list --fields id\n"

    monkeypatch.setattr(sys, "stdin", Typed(questions()))
    assert ask("-f", path, "batch") == (0, "one\n\none\ta\n\na\n\n", "")
    assert isinstance(sys.stdin, Typed)


# ---------------------------------------------------------------- how it ends


@posix
def test_an_interrupt_ends_it_with_130(env):
    process = subprocess.Popen(
        [*PROGRAM, "batch"], cwd=TOP, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"list id:catl-jv --fields id\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"catl-jv\n"
        assert process.stdout.readline() == b"\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


@posix
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('yes list | "$@" batch | head -1 >/dev/null; echo ${PIPESTATUS[1]}', ("0\n", "")),
        ('yes lits | "$@" batch 2>/dev/null | head -1 >/dev/null; echo ${PIPESTATUS[1]}', ("0\n", "")),
        ('yes list | "$@" batch --jsonl | head -1 >/dev/null; echo ${PIPESTATUS[1]}', ("0\n", "")),
        ('yes list | "$@" batch >&-; echo $?', ("4\n", "autotimeline: standard output is closed\n")),
        ('"$@" batch <&-; echo $?', ("4\n", "autotimeline: standard input is closed\n")),
    ],
)
def test_streams_that_are_closed_end_it(env, script, told):
    done = program.bash(script, cwd=TOP, env=env)
    assert (done.stdout, done.stderr) == told


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the device that is always full is one of Linux")
@pytest.mark.parametrize("mode", ["", "-0", "--jsonl"])
def test_a_full_disk_ends_it(env, mode):
    done = program.bash(f'yes list | "$@" batch {mode} >/dev/full; echo $?', cwd=TOP, env=env)
    lost = "list: exit code 0, but the answer is not printed (no space left on device): gac-fiat-chrysler-founded "
    assert done.stdout == "4\n"
    assert done.stderr.startswith(f"autotimeline: {lost if mode == '--jsonl' else 'no space left on device'}")


def test_the_answers_are_flushed_one_by_one(cache, tmp_path):
    out, seen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), []

    def questions() -> Iterator[bytes]:
        for _ in range(3):
            yield b"list --fields id\n"
            seen.append(out.buffer.getvalue())  # type: ignore[attr-defined]

    stdin: Any = Typed(questions())
    assert main(["-f", settled_store(tmp_path), "batch"], Environment(stdin, out, None, {})) == 0
    assert seen == [b"a\n\n", b"a\n\n" * 2, b"a\n\n" * 3]
