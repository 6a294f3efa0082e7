"""`autotimeline export`."""

from __future__ import annotations

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import ModuleType
    from typing import TextIO

    from autotimeline.reports.snapshot import SelectionSnapshot


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.reports.snapshot import SelectionSnapshot

    exporter = _resolve_exporter(request, environment)
    today = request.text(options.TODAY) or _source_date_epoch(environment.variables)
    # With --as-of, relative dates count from that day unless --today is given.
    if not request.is_given(options.AS_OF):
        request = request.replace(options.TODAY, today)
    timeline = run_query.open_store(request, environment)
    selection = run_query.select(timeline, request)
    run_query.report_notes(request, environment, selection)
    if request.flag(options.EXPLAIN):
        return run_query.write_explanation(timeline, request, environment, selection)
    stated_today = timeline.today if request.is_given(options.TODAY) else None
    snapshot = SelectionSnapshot(selection, stated_today=stated_today, as_of=timeline.as_of)
    for message in _write_snapshot(snapshot, exporter, request, environment, timeline.files):
        environment.warn(message)
    return run_query.report_empty_answer(request, environment, [selection])


def _resolve_exporter(request: Request, environment: Environment) -> ModuleType:
    """Return the module that writes the snapshot: by its name, by the extension of the output, else `toml`.

    Raises:
        UsageError: If the name or extension is unknown, or the snapshot would be written to a terminal.
    """
    from autotimeline import exports, formats, plugins

    known, path, name = plugins.list_names(exports), request.text(OUTPUT), request.text(FORMAT)
    if name is None and path not in (None, "-"):
        if exporter := plugins.load_by_extension(exports, path):
            return exporter
        raise UsageError(f"{path}: no snapshot format has this extension; name one with -O {'|'.join(known)}")
    name = name or "toml"
    if name not in known:
        is_format = name in plugins.list_names(formats)
        hint = f"; `autotimeline list -O {name}` writes that" if is_format else suggest(name, known)
        raise UsageError(f'unknown snapshot format "{name}"{hint}; the formats are {", ".join(known)}')
    exporter = plugins.load(exports, name)
    if environment.stdout_is_tty():
        if path is None:
            raise UsageError("terminal output: not the default of export; name a file with -o FILE, or write -o -")
        if path == "-" and getattr(exporter, "IS_BINARY", False):
            raise UsageError(f"{name} cannot be shown on a terminal; name the file to write with -o FILE")
    return exporter


def _source_date_epoch(variables: Mapping[str, str]) -> str | None:
    """Return the day that SOURCE_DATE_EPOCH names (https://reproducible-builds.org/specs/source-date-epoch)."""
    from datetime import UTC, datetime

    seconds = variables.get("SOURCE_DATE_EPOCH")
    if not seconds:
        return None
    try:
        if not (seconds.isascii() and seconds.isdigit()):
            raise ValueError
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        what = f'SOURCE_DATE_EPOCH "{seconds}": must be seconds since 1970, like 1763769600'
        raise UsageError(what) from None


def _write_snapshot(
    snapshot: SelectionSnapshot,
    exporter: ModuleType,
    request: Request,
    environment: Environment,
    sources: Sequence[str],
) -> list[str]:
    """Write the snapshot, and the companion file if its format has one; return the notes about it."""
    from contextlib import ExitStack

    from autotimeline.cli.run_query import format_flags

    path, canvas = request.text(OUTPUT), environment.canvas(request)

    def open_new(path: str | None) -> AbstractContextManager[TextIO]:
        return environment.open_output(path, sources, must_be_new=not request.flag(FORCE))

    with ExitStack() as files:
        companion = {}
        companion_suffix = getattr(exporter, "COMPANION_SUFFIX", "")
        # A device or a pipe has no companion.
        is_file = path not in (None, "-") and (os.path.isfile(path) or not os.path.exists(path))
        if companion_suffix and is_file:
            # Entered first, it appears last: no snapshot file is complete without it.
            companion["beside"] = files.enter_context(open_new(f"{path}{companion_suffix}"))
        out = files.enter_context(open_new(path))
        return list(exporter.write(snapshot, out, canvas, format_flags(request), **companion))


FORMAT = options.Option(
    "-O --format", "Choose the format: toml, json, csv, html, xlsx, …", "FORMAT", "exports"
)
OUTPUT = options.Option("-o --output", "The file to write; its extension chooses the format.", "FILE")
FORCE = options.Option("--force", "Replace an existing file.")
COMMAND = Command(
    "Write the events of a query to a file, as a snapshot.",
    _run,
    (
        *options.STORE_OPTIONS,
        FORMAT,
        OUTPUT,
        FORCE,
        options.RAW,
        options.BOM,
        *(option for option in options.SELECTION_OPTIONS if option is not options.FIELDS),
    ),
    (options.QUERY_ARGUMENT,),
)
