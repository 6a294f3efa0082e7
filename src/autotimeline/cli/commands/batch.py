"""`autotimeline batch`."""

from __future__ import annotations

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO, TextIO


_MAX_LINE_BYTES = 1 << 20
_MAX_SHOWN = 200  # characters of a lost answer in an error


class _ReservedStdin:
    """Standard input while queries are read from it: nothing else may read it."""

    def __getattr__(self, name: str) -> object:
        raise UsageError("standard input: already in use for the queries; name a file")


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.index import cache

    jsonl, end = request.flag(JSONL), "\0" if request.flag(NULL) else "\n"
    if request.flag(NULL) and jsonl:
        raise UsageError("--null and --jsonl exclude each other; choose one")
    queries, store_flags, exit_code = _read_queries(environment.require_stdin()), _store_flags(request), 0
    with environment.open_output() as out, cache.connection_pool():
        for query in queries:
            code = (_write_json_record if jsonl else _run_query)(store_flags, query, environment)
            if not jsonl:
                out.write(end)
            # The caller may wait for this answer before it sends the next query.
            out.flush()
            exit_code = max(exit_code, code)
    return exit_code


def _read_queries(lines: BinaryIO) -> Iterator[str]:
    """Yield each query as soon as its line is complete; its bytes are decoded like those of arguments.

    Raises:
        UsageError: If a line is longer than _MAX_LINE_BYTES.
    """
    while line := lines.readline(_MAX_LINE_BYTES + 1):
        if len(line) > _MAX_LINE_BYTES:
            raise UsageError(f"query longer than {_MAX_LINE_BYTES // 1024:,} KiB; write a shorter one")
        query = os.fsdecode(line).strip()
        if query and not query.startswith("#"):
            yield query


def _store_flags(request: Request) -> list[str]:
    """Return the store options of the batch, as words before the command of each query."""
    flags = [f"--file={path}" for path in request.texts(options.FILE)]
    texts = [(option.flags[-1], request.text(option)) for option in (options.TODAY, options.COLOR)]
    flags += [f"{flag}={text}" for flag, text in texts if text]
    if (width := request.number(options.WIDTH)) is not None:
        flags.append(f"{options.WIDTH.flags[-1]}={width}")
    return flags + [option.flags[-1] for option in (options.NO_CACHE, options.ASCII) if request.flag(option)]


def _run_query(
    store_flags: Sequence[str], query: str, environment: Environment, streams: Sequence[TextIO] | None = None
) -> int:
    import shlex

    stdout, stderr = streams or (environment.stdout, environment.stderr)
    environment = environment.with_streams(_ReservedStdin(), stdout, stderr)  # type: ignore[arg-type]  # raises
    if "\0" in query:
        environment.warn(f"{query}: a word cannot contain a NUL byte; remove it")
        return UsageError.exit_code
    try:
        words = shlex.split(query)
    except ValueError:
        environment.warn(f"{query}: unclosed quote; close it, or write a final backslash as \\\\")
        return UsageError.exit_code
    return environment.run_command([*store_flags, *words], environment)


def _write_json_record(store_flags: Sequence[str], query: str, environment: Environment) -> int:
    """Run a query, and write its answer, errors, and exit code as one line of JSON."""
    from io import BytesIO, TextIOWrapper

    from autotimeline.formats import jsonl
    from autotimeline.render.canvas import Canvas
    from autotimeline.table import Column, Table

    streams = [TextIOWrapper(BytesIO(), "utf-8") for _ in range(2)]
    code = _run_query(store_flags, query, environment, streams)
    texts = []
    for stream in streams:
        stream.seek(0)
        texts.append(stream.read())
    columns = [Column(name) for name in ("question", "code", "answer", "errors")]
    try:
        with environment.open_output() as out:
            jsonl.write(Table(columns, iter([(query, code, *texts)])), out, Canvas(None), frozenset())
    except BrokenPipeError:
        raise
    except OSError as error:
        # The query may have changed the store.
        lost = f"{query}: exit code {code}, but the answer is not printed ({error_reason(error)})"
        raise AutotimelineError(f"{lost}: {' '.join(texts[0].split())[:_MAX_SHOWN]}") from None
    return code


NULL = options.Option("-0 --null", "End each answer with a NUL byte instead of an empty line.")
JSONL = options.Option("--jsonl", "Write an object of JSON for each query: question, code, answer, errors.")
COMMAND = Command("Run queries from standard input, one per line.", _run, (*options.STORE_OPTIONS, NULL, JSONL))
