"""What a store says about an actor, a source, or an era: its own keys, and the events that name it."""

from collections.abc import Iterator

from autotimeline.index.cell_text import record_to_text
from autotimeline.query.parser import Term
from autotimeline.query.selection import Selection


def entity_facts(selection: Selection, term: Term) -> Iterator[tuple[str, str]]:
    """Yield (field, value) of the actor, source, or era that a term names by id, its events among the selected ones.

    Each item of a list is a value. The fields after the entity's own are `first` and `last`, the dates of its first and
    last event, and `event`, with the actor's roles in it.
    """
    for field, value in selection.catalog.entity_body(term.field, term.value).items():
        yield from ((field, str(item)) for item in (value if isinstance(value, list) else [value]))
    events = selection.derive(f"({selection.compiled.text}) {term}")
    events.certain = selection.certain
    if span := events.span():
        yield from zip(("first", "last"), span, strict=True)
    for id, date, title, actors, match in events.rows(("id", "date", "title", "actors", "match")):
        roles = [actor["role"] for actor in actors if actor["id"] == term.value and actor["role"]]
        details = {"date": date, "role": ", ".join(roles) if term.field == "actor" else None}
        yield "event", record_to_text(id, **details, match=match if match == "possible" else None, title=title)
