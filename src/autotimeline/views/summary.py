"""`autotimeline` without a command, and `check --summary`: the store in a few lines, and what to run next."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from autotimeline.query.selection import Selection
from autotimeline.render.text_layout import Block, blank, grid, hanging, paragraph, section, truncated
from autotimeline.table import Column, Table
from autotimeline.text import format_count

FIELDS = DEFAULT_FIELDS = ("what", "value", "command")
_SUGGESTED_COMMANDS = ("timeline", "list is:upcoming", "show {id}")
# How certain the facts are: what is counted, and the query that lists it.
COUNTED_QUERIES = {
    "sourced": "not is:unsourced",
    **{
        state: f"is:{state}"
        for state in ("single-source", "quoted", "verified", "disputed", "approximate", "undated", "overdue")
    },
}


def table(
    selection: Selection,
    fields: Sequence[str],
    *,
    program: str = "autotimeline",
    findings: Mapping[str, int] | None = None,
) -> Table:
    """Return rows of a label, a value, and the command that lists it; `program` is the beginning of each command.

    The rows are title, numbers of events, dates, and the next event. With `findings`, their numbers by level follow
    instead of the next event.
    """
    rows = list(_rows(selection, program, findings))
    return Table(
        [Column(field) for field in fields],
        iter(rows),
        drawing=_draw(selection, rows, program, is_check=findings is not None),
    )


def _rows(selection: Selection, program: str, findings: Mapping[str, int] | None) -> Iterator[Sequence[Any]]:
    title = selection.catalog.title()
    if title:
        yield "title", title, None
    yield "events", selection.total(), f"{program} list"
    if span := selection.span():
        yield "first", span[0], None
        yield "last", span[1], None
    for what, query in COUNTED_QUERIES.items():
        yield what, selection.derive(query).total(), f"{program} list {query}"
    if findings is not None:
        for what, number in findings.items():
            yield what, number, f"{program} check{' --strict' if what == 'notes' else ''}"
        return
    for id, date, name in islice(selection.derive("is:upcoming").rows(("id", "date", "title")), 1):
        yield "next", f"{id} {date or 'undated'} {name}", f"{program} show {id}"


def _draw(selection: Selection, rows: Sequence[Sequence[Any]], program: str, *, is_check: bool) -> Iterator[Block]:
    values = {str(what): str(value) for what, value, _ in rows}
    if "title" in values:
        yield truncated(values["title"], "title")
    events = format_count(int(values["events"]), "event")
    if "first" in values:
        events += f", the first {values['first']}, the last {values['last']}"
    yield paragraph([(events, "")])
    counts = [row for row in rows if isinstance(row[1], int) and row[0] != "events"]
    numbers = [
        [[(str(what), "")], [(f"{number:,}", "" if number else "muted")], [(str(command), "link")]]
        for what, number, command in counts
    ]
    yield grid(numbers)
    if "next" in values:
        id, _, description = values["next"].partition(" ")
        label = [paragraph([(f"{description} ({id})", "")])]
        yield section("next", label, "planned", min_label=8, min_width=20)
    if is_check:
        return
    yield blank
    preferred = (selection.derive("is:quoted"), selection)
    example = next((str(row[0]) for events in preferred for row in events.rows(("id",))), None)
    for command in _SUGGESTED_COMMANDS if example else ("init --example",):
        words = f"{program if example else 'autotimeline'} {command.format(id=example)}"
        yield hanging([(words, "link")], indent=2)
