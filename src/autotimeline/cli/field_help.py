"""`--fields help`: the fields of a command's rows, each with its meaning. A new field has one entry in MEANINGS."""

from collections.abc import Mapping

from autotimeline.cli import options, run_query
from autotimeline.cli.commands import Command
from autotimeline.cli.environment import Environment
from autotimeline.cli.options import Request
from autotimeline.cli.row_fields import known_fields
from autotimeline.store.locate import find_files
from autotimeline.table import Column, Table

MEANINGS = {
    # events
    "id": "the id",
    "date": "the date as displayed: 2023-10, 2025H1, ~2025-01, by 2026-12",
    "edtf": "the date in EDTF (ISO 8601-2): 2025-40, 2025-01~",
    "extent": "within some day of the date, or throughout the date",
    "earliest": "the first possible day",
    "latest": "the last possible day",
    "match": "whether the event certainly or possibly matches",
    "status": "happened, planned, or cancelled",
    "kind": "what kind of event",
    "title": "what happened",
    "actors": "the participants, with their roles",
    "places": "the places",
    "tags": "the tags",
    "figures": "the numbers",
    "sources": "the sources, with their quotes",
    "links": "the linked events, with the types of the links",
    "known": "when it became public",
    "printed": "the words of the source for the date",
    "reported": "whether it rests on reports",
    "note": "a note",
    "disputed": "what sources contradict: date, status, metrics",
    "file": "the file of the store",
    "line": "the line in the file",
    "slips": "how late the plan was, for each event that fulfills it",
    "slip": "how late the plan was",
    "slip_low": "the fewest days that it was late",
    "slip_high": "the most days that it was late",
    "source-title": "the titles of the sources",
    "source-url": "the addresses of the sources",
    "gap": "the time since the event in the row above",
    "gap_low": "the fewest days of the gap",
    "gap_high": "the most days of the gap",
    "since": "the time since the named event",
    "since_low": "the fewest days since the named event",
    "since_high": "the most days since the named event",
    "context": "whether the row only surrounds a match",
    # rows of chart
    "lane": "the id or word of the lane",
    "name": "the name behind an id",
    "starts_by": "the last day on which it possibly starts",
    "lasts_to": "the first day on which it possibly ends",
    # cells of count, and names
    "certain": "the number of events that certainly are in the cell",
    "possible": "the number of events that possibly are in the cell, including the certain ones",
    "events": "the number of events",
    "measures": "what the metric measures: amount, level, rate, or share",
    "measures_from": "where that comes from: stated, built-in, or default",
    # figures
    "metric": "what is counted or measured",
    "text": "the figure as its source states it",
    "low": "the lower bound",
    "high": "the upper bound",
    "unit": "the unit",
    "about": "whether it is approximate",
    "of": "the actor that it describes",
    "period": "the period that it covers",
    "basis": "actual, expected, or target",
    "event": "the id of the event",
    "claimed": "whether only a source states it",
    "repeats": "the event whose figure it repeats",
    "holder": "the actor that holds it",
    "rate": "the figure over the period of --per",
    "rate_low": "the lower bound of the rate",
    "rate_high": "the upper bound of the rate",
    "change": "the change",
    "before": "the event of the figure before",
    "why": "why the result is missing",
    "converted": "the figure in the currency of --in",
    "converted_low": "the lower bound of the converted figure",
    "converted_high": "the upper bound of the converted figure",
    "rates": "the ids of the exchange rates",
    "periods": "the periods of the addends",
    "approximate": "the number of approximate addends",
    "bounded": "the number of other addends with bounds instead of a number",
    # compare, diff, elapsed
    "section": "the kind of point",
    "what": "the point that is compared",
    "side": "the number of the side",
    "against": "the side that it is compared with",
    "value": "the value",
    "differs": "whether another side has another value",
    "field": "the key that differs; id is the fact itself",
    "old": "the old value",
    "new": "the new value",
    "from": "the id of the event that the query finds",
    "to": "the id of the event that it is linked to",
    "from_date": "the date of the first event",
    "to_date": "the date of the second event",
    "elapsed": "the time from the first event to the second",
}
# What a field means instead, by view; `sums` are the rows of `figures --sum`.
_OWN_MEANINGS: Mapping[str, Mapping[str, str]] = {
    "diff": {
        "id": "the id of the fact",
        "kind": "the kind of fact: event, actor, source, …",
        "change": "added, removed, changed, or renamed",
        "title": "the title or the name of the fact",
        "date": "the date of the fact as displayed",
    },
    "elapsed": {"what": "pair, median, minimum, or maximum", "low": "the fewest days", "high": "the most days"},
    "figures": {
        "sources": "the sources that state it",
        "date": "the date of the event",
        "disputed": "whether a claim contradicts it",
    },
    "sums": {
        "text": "the sum, or a figure that is in no sum",
        "events": "the ids of the events of the addends",
        "figures": "the number of addends",
        "disputed": "the number of disputed addends",
        "possible": "the number of possible addends",
        "certain": "the sum of the certain addends",
    },
}


def write_field_help(command: Command, request: Request, environment: Environment) -> int:
    """Write a row for each field that `--fields` accepts with the other options, and return the exit code."""
    fields = known_fields(command, request)
    meanings = _OWN_MEANINGS.get("sums" if "bounded" in fields else command.view, {})
    rows = ((field, meanings.get(field) or describe_field(field)) for field in fields)
    formatter = run_query.resolve_format(request, environment)
    stores = find_files(request.texts(options.FILE)) if request.is_given(options.OUTPUT) else ()
    run_query.write_table(Table([Column("field"), Column("what")], rows), formatter, request, environment, stores)
    return 0


def describe_field(field: str) -> str:
    """Return what a field means in most rows; other fields than those of MEANINGS are values of `--by`."""
    if field in MEANINGS:
        return MEANINGS[field]
    by = field.removesuffix("_name")
    return f"the name of the {by}" if by != field else f"the {by} of the row"
