"""`autotimeline` without a command: the store in a few lines, and what to run next."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, blank, paragraph, section, truncated, unwrapped
from autotimeline.table import Column, Table
from autotimeline.text import format_count

DEFAULT_FIELDS: tuple[str, ...] = ()
_MAX_DISPUTED = 5
_SUGGESTED_COMMANDS = ("autotimeline timeline", "autotimeline list is:upcoming", "autotimeline show {id}")


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return rows of a label and a value: title, numbers of events, dates, and the next and the disputed events."""
    return Table([Column("what"), Column("value")], _rows(selection), drawing=_draw(selection))


def _rows(selection: Selection) -> Iterator[Sequence[Any]]:
    title = selection.catalog.title()
    if title:
        yield "title", title
    yield "events", selection.total()
    if span := selection.span():
        yield "first", span[0]
        yield "last", span[1]
    for what, query in (("undated", "is:undated"), ("overdue", "is:overdue")):
        yield what, selection.derive(query).total()
    for what, query, limit in (("next", "is:upcoming", 1), ("disputed", "is:disputed", _MAX_DISPUTED)):
        matches = selection.derive(query)
        for id, date, name in islice(matches.rows(("id", "date", "title")), limit):
            yield what, f"{id} {date or 'undated'} {name}"
        if what == "disputed" and (omitted := matches.total() - limit) > 0:
            yield "disputed", f"{query} {omitted:,} more"


def _draw(selection: Selection) -> Iterator[Block]:
    values: dict[str, list[str]] = {}
    for what, value in _rows(selection):
        values.setdefault(str(what), []).append(str(value))
    if "title" in values:
        yield truncated(values["title"][0], "title")
    events = format_count(int(values["events"][0]), "event")
    if "first" in values:
        events += f", the first {values['first'][0]}, the last {values['last'][0]}"
    extra = [f"{values[what][0]} {what}" for what in ("undated", "overdue") if values[what][0] != "0"]
    yield paragraph([("; ".join([events, *extra]), "")])
    for what, style in (("next", "planned"), ("disputed", "disputed")):
        for value in values.get(what, []):
            id, _, description = value.partition(" ")
            yield section(what, [paragraph([(f"{description} ({id})", "")])], style, min_label=8, min_width=20)
    yield blank
    preferred = (selection.derive("is:quoted"), selection)
    example = next((str(row[0]) for events in preferred for row in events.rows(("id",))), None)
    for command in _SUGGESTED_COMMANDS if example else ("autotimeline init --example",):
        yield unwrapped([("  ", ""), (command.format(id=example), "link")])
