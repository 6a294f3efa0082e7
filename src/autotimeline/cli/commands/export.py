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

    form = _format(values)
    given = values["today"] or _epoch()
    # As of a day in the past relative dates count from that day, whenever it is that this is asked.
    opened = run_query.story({**values, "today": values["today"] if values["as_of"] else given})
    selection = run_query.select(opened, values, values["query"] or ())
    if values["explain"]:
        return run_query.explain(opened, values, selection)
    from autotimeline.reports.snapshot import Snapshot

    read = api.day(given, "today") if given else api.now()
    snapshot = Snapshot(selection, read=read, as_of=opened.as_of)
    for words in _write(snapshot, form, values, opened.files):
        environment.say(f"autotimeline: {words}")
    return 1 if values["exit_status"] and not selection.total() else 0


def _format(values: dict[str, Any]) -> ModuleType:
    """Return what writes the snapshot: by name, by the file's ending, else `toml`."""
    from autotimeline import exports, formats, plugins
    from autotimeline.cli import environment
    from autotimeline.errors import UsageError
    from autotimeline.text import nearest

    known, path = plugins.names(exports), values["output"]
    name = values["format"]
    if name is None and path not in (None, "-"):
        if form := plugins.by_ending(exports, path):
            return form
        raise UsageError(f"{path}: no snapshot has this ending; name a format with -O {'|'.join(known)}")
    name = name or "toml"
    if name not in known:
        other = (
            f"; `autotimeline list -O {name}` writes that" if name in plugins.names(formats) else nearest(name, known)
        )
        raise UsageError(f'no snapshot is written as "{name}"{other}; there are {", ".join(known)}')
    form = plugins.load(exports, name)
    if environment.is_terminal():
        if path is None:
            raise UsageError("name the file to write with -o FILE; -o - shows it here")
        if path == "-" and getattr(form, "BINARY", False):
            raise UsageError(f"{name} cannot be shown on a terminal; name the file to write with -o FILE")
    return form


def _epoch() -> str | None:
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


def _write(snapshot: Any, form: ModuleType, values: dict[str, Any], sources: list[str]) -> list[str]:
    """Write the snapshot, with the file beside it where its format has one; return what there is to say about it."""
    from contextlib import ExitStack

    from autotimeline.cli import environment

    path = values["output"]
    page = environment.paper(values["color"], file=path not in (None, "-"))
    flags = frozenset(name for name in ("raw", "bom") if values[name])

    def opened(path: str | None) -> AbstractContextManager[TextIO]:
        return environment.opened(path, sources, new=not values["force"])

    with ExitStack() as files:
        more = {}
        beside = getattr(form, "BESIDE", "")
        if beside and environment.is_file(path):
            # Entered first, it is there last: a file without the other is one that cannot be told from an answer.
            more["beside"] = files.enter_context(opened(f"{path}{beside}"))
        return list(form.write(snapshot, files.enter_context(opened(path)), page, flags, **more))


FORMAT = options.Option("format", "-O --format", "toml, json, csv, ics or sqlite.", "FORMAT", complete="exports")
OUTPUT = options.Option("output", "-o --output", "The file to write; its ending chooses the format.", "FILE")
FORCE = options.Option("force", "--force", "Replace a file that is there.")
COMMAND = options.Command(
    "Write what a query finds as a snapshot, in a file.",
    _run,
    (
        *options.STORE,
        FORMAT,
        OUTPUT,
        FORCE,
        options.RAW,
        options.BOM,
        *(option for option in options.SELECT if option is not options.FIELDS),
    ),
    (options.QUERY_WORDS,),
)
