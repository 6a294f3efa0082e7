"""`autotimeline export`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import ModuleType
    from typing import Any, TextIO


def _run(values: dict[str, Any]) -> int:
    from autotimeline import api
    from autotimeline.cli import environment, run_query

    exporter = _resolve_exporter(values)
    today = values["today"] or _source_date_epoch()
    # As of a day in the past relative dates count from that day, whenever it is that this is asked.
    timeline = run_query.open_store({**values, "today": values["today"] if values["as_of"] else today})
    selection = run_query.select(timeline, values, values["query"] or ())
    if values["explain"]:
        return run_query.write_explanation(timeline, values, selection)
    from autotimeline.reports.snapshot import SelectionSnapshot

    reading_day = api.parse_day(today, "today") if today else api.today_ordinal()
    snapshot = SelectionSnapshot(selection, read_day=reading_day, as_of=timeline.as_of)
    for message in _write_snapshot(snapshot, exporter, values, timeline.files):
        environment.print_note(f"autotimeline: {message}")
    return 1 if values["exit_status"] and not selection.total() else 0


def _resolve_exporter(values: dict[str, Any]) -> ModuleType:
    """Return what writes the snapshot: by name, by the file's ending, else `toml`."""
    from autotimeline import exports, formats, plugins
    from autotimeline.cli import environment
    from autotimeline.errors import UsageError
    from autotimeline.text import suggest

    known, path = plugins.list_names(exports), values["output"]
    name = values["format"]
    if name is None and path not in (None, "-"):
        if exporter := plugins.load_by_extension(exports, path):
            return exporter
        raise UsageError(f"{path}: no snapshot has this ending; name a format with -O {'|'.join(known)}")
    name = name or "toml"
    if name not in known:
        hint = (
            f"; `autotimeline list -O {name}` writes that"
            if name in plugins.list_names(formats)
            else suggest(name, known)
        )
        raise UsageError(f'no snapshot is written as "{name}"{hint}; there are {", ".join(known)}')
    exporter = plugins.load(exports, name)
    if environment.stdout_is_tty():
        if path is None:
            raise UsageError("name the file to write with -o FILE; -o - shows it here")
        if path == "-" and getattr(exporter, "IS_BINARY", False):
            raise UsageError(f"{name} cannot be shown on a terminal; name the file to write with -o FILE")
    return exporter


def _source_date_epoch() -> str | None:
    """Return the day that SOURCE_DATE_EPOCH names (https://reproducible-builds.org/specs/source-date-epoch)."""
    import os
    from datetime import UTC, datetime

    from autotimeline.errors import UsageError

    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        return None
    try:
        if not (seconds.isascii() and seconds.isdigit()):
            raise ValueError
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        what = f'SOURCE_DATE_EPOCH "{seconds}": must be seconds since 1970, like 1763769600'
        raise UsageError(what) from None


def _write_snapshot(snapshot: Any, exporter: ModuleType, values: dict[str, Any], sources: list[str]) -> list[str]:
    """Write the snapshot, with the file beside it where its format has one; return what there is to say about it."""
    from contextlib import ExitStack

    from autotimeline.cli import environment

    path = values["output"]
    canvas = environment.make_canvas(values["color"], file=path not in (None, "-"))
    flags = frozenset(name for name in ("raw", "bom") if values[name])

    def open_new(path: str | None) -> AbstractContextManager[TextIO]:
        return environment.open_output(path, sources, must_be_new=not values["force"])

    with ExitStack() as files:
        companion_argument = {}
        companion_suffix = getattr(exporter, "COMPANION_SUFFIX", "")
        if companion_suffix and environment.is_file_output(path):
            # Entered first, it is there last: a file without the other is one that cannot be told from an answer.
            companion_argument["beside"] = files.enter_context(open_new(f"{path}{companion_suffix}"))
        return list(exporter.write(snapshot, files.enter_context(open_new(path)), canvas, flags, **companion_argument))


FORMAT = options.Option("format", "-O --format", "toml, json, csv, ics or sqlite.", "FORMAT", completion="exports")
OUTPUT = options.Option("output", "-o --output", "The file to write; its ending chooses the format.", "FILE")
FORCE = options.Option("force", "--force", "Replace a file that is there.")
COMMAND = options.Command(
    "Write what a query finds as a snapshot, in a file.",
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
