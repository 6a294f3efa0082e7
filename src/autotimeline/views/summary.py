"""A store in a few lines: how many events, from when to when, what is planned next, what is disputed."""

from __future__ import annotations

from itertools import islice

from autotimeline.table import Column, Table
from autotimeline.text import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.query.selection import Selection
    from autotimeline.render.canvas import Paper
    from autotimeline.table import Row

BRIEF: tuple[str, ...] = ()
# So many are named; a store of a hundred thousand events has thousands.
_MOST = 5
_TRY = ("autotimeline timeline", "autotimeline list is:upcoming", "autotimeline show {id}")


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each thing worth knowing: what, and the answer; an event that is named is id, date and title."""
    return Table([Column("what"), Column("value")], _rows(selection), draw=lambda paper: _draw(selection, paper))


def _rows(selection: Selection) -> Iterator[Row]:
    title = selection.title()
    if title:
        yield "title", title
    yield "events", selection.total()
    if span := selection.span():
        yield "first", span[0]
        yield "last", span[1]
    for what, query in (("undated", "is:undated"), ("overdue", "is:overdue")):
        yield what, selection.ask(query).total()
    for what, query, most in (("next", "is:upcoming", 1), ("disputed", "is:disputed", _MOST)):
        found = selection.ask(query)
        for id, date, name in islice(found.rows(("id", "date", "title")), most):
            yield what, f"{id} {date or 'undated'} {name}"
        if what == "disputed" and (more := found.total() - most) > 0:
            yield "disputed", f"{query} {more:,} more"


def _draw(selection: Selection, paper: Paper) -> Iterator[str]:
    known: dict[str, list[str]] = {}
    for what, value in _rows(selection):
        known.setdefault(str(what), []).append(str(value))
    width = paper.width or 10**6
    if "title" in known:
        yield paper.ink(paper.cut(known["title"][0], width), "title")
    events = count(int(known["events"][0]), "event")
    if "first" in known:
        events += f", the first {known['first'][0]}, the last {known['last'][0]}"
    extra = [f"{known[what][0]} {what}" for what in ("undated", "overdue") if known[what][0] != "0"]
    yield from paper.wrap("; ".join([events, *extra]), width)
    for what, style in (("next", "planned"), ("disputed", "disputed")):
        for value in known.get(what, []):
            id, _, rest = value.partition(" ")
            label = paper.ink(f"{what:<9}", style)
            first, *more = paper.wrap(f"{rest} ({id})", max(20, width - 10))
            yield f"{label} {first}"
            for line in more:
                yield " " * 10 + line
    yield ""
    example = next((str(row[0]) for row in selection.ask("is:quoted").rows(("id",))), None)
    example = example or next((str(row[0]) for row in selection.rows(("id",))), None)
    for command in _TRY if example else ("autotimeline init --example",):
        yield "  " + paper.ink(command.format(id=example), "link")
