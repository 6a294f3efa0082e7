"""`autotimeline batch`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.errors import AutotimelineError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, BinaryIO


_MAX_LINE_BYTES = 1 << 20
"""How long a question is at most."""
_SHOWN = 200  # characters of an answer that was lost


class _ReservedStdin:
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
    stdin, exit_code = sys.stdin, 0
    queries, store_flags = _read_queries(stdin.buffer), _format_store_flags(values)
    try:
        sys.stdin = _ReservedStdin()
        with environment.open_output(None, []), cache.connection_pool():
            for query in queries:
                if values["jsonl"]:
                    code = _write_json_record(store_flags, query)
                else:
                    code = _run_query(store_flags, query)
                    sys.stdout.write("\0" if values["null"] else "\n")
                # Who asks may wait for this answer before the next question.
                sys.stdout.flush()
                exit_code = max(exit_code, code)
    finally:
        sys.stdin = stdin
    return exit_code


def _read_queries(lines: BinaryIO) -> Iterator[str]:
    """Yield the lines that ask something, each as soon as it is there, their bytes taken as those of arguments.

    Raises:
        UsageError: if a line has no end within _MAX_LINE_BYTES.
    """
    import os

    while line := lines.readline(_MAX_LINE_BYTES + 1):
        if len(line) > _MAX_LINE_BYTES:
            raise UsageError(f"a question is longer than {_MAX_LINE_BYTES // 1024:,} KiB; write a shorter one")
        query = os.fsdecode(line).strip()
        if query and not query.startswith("#"):
            yield query


def _format_store_flags(values: dict[str, Any]) -> list[str]:
    """Return the options that stand before every question, as they would stand before a command."""
    flags: list[str] = []
    for option in options.STORE_OPTIONS:
        value, flag = values[option.name], option.flags[-1]
        if option.metavar:
            flags += [f"{flag}={value}" for value in (value or () if option.multiple else [value] if value else ())]
        elif value:
            flags.append(flag)
    return flags


def _run_query(store_flags: Sequence[str], query: str) -> int:
    import shlex

    from autotimeline import cli
    from autotimeline.cli import environment

    if "\0" in query:
        environment.print_note(f"autotimeline: {query}: no word can hold a NUL byte; leave it out")
        return UsageError.exit_code
    try:
        words = shlex.split(query)
    except ValueError:
        environment.print_note(f"autotimeline: {query}: close the quote; a backslash at the end is written \\\\")
        return UsageError.exit_code
    return cli.run_command([*store_flags, *words])


def _write_json_record(store_flags: Sequence[str], query: str) -> int:
    """Answer a question with all that there is to tell of it, as one line of JSON."""
    import sys
    from contextlib import redirect_stderr, redirect_stdout
    from io import BytesIO, TextIOWrapper

    from autotimeline.formats import jsonl
    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Column, Table

    captured_output, captured_errors = (TextIOWrapper(BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(captured_output), redirect_stderr(captured_errors):
        code = _run_query(store_flags, query)
    texts = []
    for stream in (captured_output, captured_errors):
        stream.seek(0)
        texts.append(stream.read())
    columns = [Column(name) for name in ("question", "code", "answer", "errors")]
    try:
        jsonl.write(Table(columns, iter([(query, code, *texts)])), sys.stdout, Canvas(None), frozenset())
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # It may have changed the store.
        lost = f"{query}: exit code {code}, but the answer is not printed ({error_reason(error)})"
        raise AutotimelineError(f"{lost}: {' '.join(texts[0].split())[:_SHOWN]}") from None
    return code


NULL = options.Option("null", "-0 --null", "End each answer with a NUL byte instead of an empty line.")
JSONL = options.Option("jsonl", "--jsonl", "One JSON object a question: question, code, answer, errors.")
COMMAND = options.Command(
    "Answer questions from standard input, one a line.", _run, (*options.STORE_OPTIONS, NULL, JSONL)
)
