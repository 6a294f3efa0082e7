"""What files hold that are to be imported: read, understood, and each part of it an entry with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autotimeline import plugins
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing import native_rows, readers
from autotimeline.importing.column_mapping import empty, proposed
from autotimeline.importing.date_formats import unsure
from autotimeline.importing.readers._json_values import decoded
from autotimeline.importing.readers._store_tables import entries
from autotimeline.importing.records import BadRowError, Data, Entry, How, Place
from autotimeline.store.blocks import MalformedError, decode
from autotimeline.store.locate import STDIN
from autotimeline.text import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from autotimeline.importing.import_options import Settings
    from autotimeline.importing.records import Problem

    # Its name and its bytes; and those of the file beside it that says what it is, where there is one.
    File = tuple[str, bytes, tuple[str, bytes] | None]


class Gathered:
    """The entries of some files in their order, what is wrong with what is none, and what there is to tell."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.told: list[str] = []
        self.rows = 0
        # (kind, id or name) of what is named for every row: it has to be there.
        self.demanded: list[tuple[str, str]] = []


def gather(files: Sequence[File], settings: Settings, form: str | None = None) -> Gathered:
    """Return what files hold, each in its form: the one that is named, else that of its ending.

    Raises:
        UsageError: where it is not said what the columns are, or of which form the dates.
        AutotimelineError: where a file is of no form, or broken.
    """
    found = Gathered()
    found.demanded += (("actor", name) for _, name in settings.actors)
    found.demanded += (("source", name) for name in settings.sources)
    if settings.source_title:
        title = {"title": settings.source_title}
        found.entries.append(Entry("source", settings.sources[0], title, Place("--source-title")))
    for file in files:
        _add(found, file, settings, form)
    return found


def _add(found: Gathered, file: File, settings: Settings, form: str | None) -> None:
    name, data, beside = file
    if form is None and plugins.by_ending(readers, name) is None and name != STDIN:
        raise UsageError(f"{name}: its ending tells no form: name one with --from {'|'.join(plugins.names(readers))}")
    try:
        text = decode(data)
    except MalformedError as error:
        raise AutotimelineError(f"{name}:{error.line + 1}: {error}") from None
    how = _beside(found, *beside, settings.how) if beside else settings.how
    read: Data = _form(name, text, form).read(text, name, how)
    given = settings.mapping is not None
    if given and read.entries:
        raise UsageError(f"{name} is a store, and is taken as it is: leave --map out")
    if read.rows and not given and not native_rows.is_native(read.columns):
        raise UsageError(_foreign(read))
    if read.rows and not given and "title" not in read.columns:
        raise UsageError(f'{name} has no column "title", which every event has: write it out anew with all fields')
    found.problems += read.problems
    found.entries += (settings.on(entry) if entry.kind == "event" else entry for entry in read.entries)
    found.rows += len(read.rows) + len(read.entries) + len({str(problem.place) for problem in read.problems})
    _rows(found, read, settings)


def _rows(found: Gathered, read: Data, settings: Settings) -> None:
    mapping = settings.mapping
    bad: list[Problem] = []
    if mapping and (read.rows or read.columns):
        mapping.check(read)
        if unused := mapping.unused(read):
            found.told.append(f"{read.file}: nothing is taken from {', '.join(map(_named, unused))}")
        ends = mapping.columns.get("end")
        if ends and read.rows and empty(read, ends[0]):
            found.told.append(f"{read.file}: column {_named(ends[0])} has no value; its events have a date and no end")
            mapping = mapping.without("end")
    for row in read.rows:
        try:
            entry = (
                mapping.entry(row, settings.dates)
                if mapping
                else native_rows.entry(row, settings.dates, flat=read.flat)
            )
            found.entries.append(settings.on(entry))
        except BadRowError as error:
            bad += error.problems
    takes: dict[str, list[tuple[str, str]]] = {}
    for problem in bad:
        if problem.date:
            where = f"row {problem.place.row}" if problem.place.row else f"line {problem.place.line}"
            takes.setdefault(problem.column, []).append((problem.date, where))
    for column, dates in takes.items():
        raise unsure(read.file, column, dates)
    found.problems += bad


def _named(column: str) -> str:
    return f'"{column}"'


def _form(name: str, text: str, form: str | None) -> ModuleType:
    known = plugins.names(readers)
    if form is not None:
        if form not in known:
            raise UsageError(f'--from: no form "{form}"{nearest(form, known) or "; there are " + ", ".join(known)}')
        return plugins.load(readers, form)
    return plugins.by_ending(readers, name) or plugins.load(readers, _guessed(text))


def _guessed(text: str) -> str:
    """Return the form of a text without a name: JSON begins as no TOML does, and neither looks like a header of CSV."""
    start = text.lstrip()
    if re.match(r"\{", start):
        lines = [line for line in start.split("\n") if line.strip()]
        return "jsonl" if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines) else "json"
    if re.match(r"\[\s*(?:[\]{]|$)", start):
        return "json"
    first = next((line for line in start.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    toml = re.match(r"\s*(?:\[|[\w.\"'-]+\s*=)", first) or not first
    return "toml" if toml else "csv"


def _foreign(read: Data) -> str:
    from shlex import quote

    columns = ", ".join(map(_named, read.columns))
    what = f"its columns are not those of an event: {columns}"
    return f"{read.file}: {what}; say which is what, as: autotimeline import {quote(read.file)} {proposed(read)}"


def _beside(found: Gathered, name: str, data: bytes, how: How) -> How:
    """Add what the file beside a CSV holds, and return how that is read."""
    about = Data(name)
    try:
        tables = decoded(decode(data))
    except (MalformedError, ValueError, RecursionError) as error:
        raise AutotimelineError(f"{name}: {error}: export it once more, or remove it") from None
    if not isinstance(tables, dict):
        raise AutotimelineError(f"{name}: it is no object: export it once more, or remove it")
    entries(about, {key: value for key, value in tables.items() if key != "event"})
    found.entries += about.entries
    found.problems += about.problems
    csv = tables.get("csv")
    return How(how.delimiter, raw=how.raw or (isinstance(csv, dict) and csv.get("raw") is True))
