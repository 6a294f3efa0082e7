"""A store in a few lines: how many events, from when to when, what is planned next, what is disputed."""

from __future__ import annotations

from itertools import islice

from autotimeline.table import Column, Table
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Canvas
    from autotimeline.table import TableRow

DEFAULT_FIELDS: tuple[str, ...] = ()
# So many are named; a store of a hundred thousand events has thousands.
_MAX_LISTED = 5
_SUGGESTED_COMMANDS = ("autotimeline timeline", "autotimeline list is:upcoming", "autotimeline show {id}")


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each thing worth knowing: what, and the answer; an event that is named is id, date and title."""
    return Table([Column("what"), Column("value")], _rows(selection), draw=lambda canvas: _draw(selection, canvas))


def _rows(selection: Selection) -> Iterator[TableRow]:
    title = selection.catalog.title()
    if title:
        yield "title", title
    yield "events", selection.total()
    if span := selection.span():
        yield "first", span[0]
        yield "last", span[1]
    for what, query in (("undated", "is:undated"), ("overdue", "is:overdue")):
        yield what, selection.derive(query).total()
    for what, query, limit in (("next", "is:upcoming", 1), ("disputed", "is:disputed", _MAX_LISTED)):
        matches = selection.derive(query)
        for id, date, name in islice(matches.rows(("id", "date", "title")), limit):
            yield what, f"{id} {date or 'undated'} {name}"
        if what == "disputed" and (omitted := matches.total() - limit) > 0:
            yield "disputed", f"{query} {omitted:,} more"


def _draw(selection: Selection, canvas: Canvas) -> Iterator[str]:
    values_by_name: dict[str, list[str]] = {}
    for what, value in _rows(selection):
        values_by_name.setdefault(str(what), []).append(str(value))
    width = canvas.width or 10**6
    if "title" in values_by_name:
        yield canvas.stylize(canvas.truncate(values_by_name["title"][0], width), "title")
    events = format_count(int(values_by_name["events"][0]), "event")
    if "first" in values_by_name:
        events += f", the first {values_by_name['first'][0]}, the last {values_by_name['last'][0]}"
    extra = [f"{values_by_name[what][0]} {what}" for what in ("undated", "overdue") if values_by_name[what][0] != "0"]
    yield from canvas.wrap("; ".join([events, *extra]), width)
    for what, style in (("next", "planned"), ("disputed", "disputed")):
        for value in values_by_name.get(what, []):
            id, _, description = value.partition(" ")
            label = canvas.stylize(f"{what:<9}", style)
            first, *continuation = canvas.wrap(f"{description} ({id})", max(20, width - 10))
            yield f"{label} {first}"
            for line in continuation:
                yield " " * 10 + line
    yield ""
    example = next((str(row[0]) for row in selection.derive("is:quoted").rows(("id",))), None)
    example = example or next((str(row[0]) for row in selection.rows(("id",))), None)
    for command in _SUGGESTED_COMMANDS if example else ("autotimeline init --example",):
        yield "  " + canvas.stylize(command.format(id=example), "link")
