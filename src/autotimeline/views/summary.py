"""A store in a few lines: how many events, from when to when, what is planned next, what is disputed."""

from __future__ import annotations

from autotimeline.dates.span import iso
from autotimeline.table import Column, Table
from autotimeline.text import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.paper import Paper
    from autotimeline.query.selection import Selection
    from autotimeline.table import Row

BRIEF: tuple[str, ...] = ()
OPEN = "open"
_TRY = ("autotimeline timeline", "autotimeline list is:upcoming", "autotimeline show {id}")


def table(selection: Selection, fields: Sequence[str]) -> Table:
    """Return a row for each thing worth knowing: what, and the answer; an event that is named is id, date and title."""
    return Table([Column("what"), Column("value")], _rows(selection), draw=lambda paper: _draw(selection, paper))


def _rows(selection: Selection) -> Iterator[Row]:
    title = selection.title()
    if title:
        yield "title", title
    yield "events", selection.total()
    first, last = _ends(selection)
    if last:
        yield "from", first
        yield "to", last
    for what, query in (("undated", "is:undated"), ("overdue", "is:overdue")):
        yield what, selection.ask(query).total()
    for what, query in (("next", "is:upcoming"), ("disputed", "is:disputed")):
        for id, date, name in selection.ask(query).rows(("id", "date", "title")):
            yield what, f"{id} {date or 'undated'} {name}"
            if what == "next":
                break


def _ends(selection: Selection) -> tuple[str | None, str | None]:
    span = selection.span()
    return (iso(span[0]) or OPEN, iso(span[1]) or OPEN) if span else (None, None)


def _draw(selection: Selection, paper: Paper) -> Iterator[str]:
    known: dict[str, list[str]] = {}
    for what, value in _rows(selection):
        known.setdefault(str(what), []).append(str(value))
    width = paper.width or 10**6
    if "title" in known:
        yield paper.ink(paper.cut(known["title"][0], width), "title")
    events = count(int(known["events"][0]), "event")
    if "from" in known:
        first, last = known["from"][0], known["to"][0]
        events += (
            f", {first} onwards" if last == OPEN else f", {first} to {last}" if first != OPEN else f", up to {last}"
        )
    extra = [f"{known[what][0]} {what}" for what in ("undated", "overdue") if known[what][0] != "0"]
    yield paper.cut("; ".join([events, *extra]), width)
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
