"""`autotimeline batch`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.errors import AutotimelineError, UsageError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, BinaryIO


_MOST_BYTES = 1 << 20
"""How long a question is at most."""
_SHOWN = 200  # characters of an answer that was lost


class _Taken:
    """Standard input while it holds questions: whatever else wants to read it is refused."""

    def __getattr__(self, name: str) -> object:
        raise UsageError("standard input holds the questions: name a store by its file, and ask no batch in a batch")


def _run(values: dict[str, Any]) -> int:
    import sys

    from autotimeline.cli import environment
    from autotimeline.index import cache

    if values["null"] and values["jsonl"]:
        raise UsageError("--null or --jsonl: each tells in its own way where an answer ends")
    if sys.stdin is None:
        raise AutotimelineError("standard input is closed")
    kept, worst = sys.stdin, 0
    questions, before = _questions(kept.buffer), _flags(values)
    try:
        sys.stdin = _Taken()
        with environment.opened(None, []), cache.held():
            for question in questions:
                if values["jsonl"]:
                    code = _record(before, question)
                else:
                    code = _ask(before, question)
                    sys.stdout.write("\0" if values["null"] else "\n")
                # Who asks may wait for this answer before the next question.
                sys.stdout.flush()
                worst = max(worst, code)
    finally:
        sys.stdin = kept
    return worst


def _questions(lines: BinaryIO) -> Iterator[str]:
    """Yield the lines that ask something, each as soon as it is there, their bytes taken as those of arguments.

    Raises:
        UsageError: if a line has no end within MOST_BYTES.
    """
    import os

    while line := lines.readline(_MOST_BYTES + 1):
        if len(line) > _MOST_BYTES:
            raise UsageError(f"a question is longer than {_MOST_BYTES // 1024:,} KiB; write a shorter one")
        question = os.fsdecode(line).strip()
        if question and not question.startswith("#"):
            yield question


def _flags(values: dict[str, Any]) -> list[str]:
    """Return the options that stand before every question, as they would stand before a command."""
    found: list[str] = []
    for option in options.STORE:
        given, flag = values[option.name], option.flags[-1]
        if option.takes:
            found += [f"{flag}={value}" for value in (given or () if option.many else [given] if given else ())]
        elif given:
            found.append(flag)
    return found


def _ask(before: Sequence[str], question: str) -> int:
    import shlex

    from autotimeline import cli
    from autotimeline.cli import environment

    if "\0" in question:
        environment.say(f"autotimeline: {question}: no word can hold a NUL byte; leave it out")
        return UsageError.exit_code
    try:
        words = shlex.split(question)
    except ValueError:
        environment.say(f"autotimeline: {question}: close the quote; a backslash at the end is written \\\\")
        return UsageError.exit_code
    return cli.answered([*before, *words])


def _record(before: Sequence[str], question: str) -> int:
    """Answer a question with all that there is to tell of it, as one line of JSON."""
    import sys
    from contextlib import redirect_stderr, redirect_stdout
    from io import BytesIO, TextIOWrapper

    from autotimeline.formats import jsonl
    from autotimeline.render.canvas import Paper
    from autotimeline.table import Column, Table

    answer, errors = (TextIOWrapper(BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(answer), redirect_stderr(errors):
        code = _ask(before, question)
    told = []
    for stream in (answer, errors):
        stream.seek(0)
        told.append(stream.read())
    columns = [Column(name) for name in ("question", "code", "answer", "errors")]
    try:
        jsonl.write(Table(columns, iter([(question, code, *told)])), sys.stdout, Paper(None), frozenset())
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # It may have changed the store.
        lost = f"{question}: exit code {code}, but the answer is not printed ({reason(error)})"
        raise AutotimelineError(f"{lost}: {' '.join(told[0].split())[:_SHOWN]}") from None
    return code


NULL = options.Option("null", "-0 --null", "End each answer with a NUL byte instead of an empty line.")
JSONL = options.Option("jsonl", "--jsonl", "One JSON object a question: question, code, answer, errors.")
COMMAND = options.Command("Answer questions from standard input, one a line.", _run, (*options.STORE, NULL, JSONL))
