"""The questions of an assistant, as tools: rows of the views, in an envelope that states what it leaves out."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import Field

from autotimeline import api
from autotimeline.assistants.answer import DEFAULT_ROWS, MAX_ROWS, Answer, Page, make_answer
from autotimeline.engines.sqlite import sqlite3
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.query.columns import COLUMNS, OPTIONAL_FIELDS
from autotimeline.query.explanation import explain_lines
from autotimeline.query.facets import parse_fields
from autotimeline.query.parser import Or, Term
from autotimeline.reports.comparison import Side, parse_side
from autotimeline.reports.names import VOCABULARIES
from autotimeline.reports.totals_by import parse_sum_fields
from autotimeline.text import escape_control, suggest_or_list
from autotimeline.views import compare, count, entity, figures, findings, names, rates, show, sums
from autotimeline.views import list as list_view

EVENT_FIELDS = ("id", "date", "match", "status", "kind", "title", "actors", "figures", "sources", "disputed")
TIMELINE_FIELDS = ("id", "date", "match", "status", "title", "figures", "gap")
_MAX_SECONDS = 20.0
_STEPS = 100_000  # instructions of SQLite between two looks at the clock

Query = Annotated[str, Field(description="A query (autotimeline://grammar); empty for all events", max_length=2_000)]
Limit = Annotated[int, Field(ge=1, le=MAX_ROWS, description="The maximum number of rows")]
Cursor = Annotated[str, Field(description="The next_cursor of the answer before", max_length=20)]
Words = Annotated[list[str], Field(max_length=50)]
Text = Annotated[str, Field(max_length=2_000)]
_ENTITY_KINDS = ("actor", "source", "era")


class StoreTools:
    """The questions to the current state of a store, each a tool; they are answered one after the other."""

    def __init__(self, files: Sequence[str], today: str | None = None, *, cache: bool = True) -> None:
        self.files = files
        self.today = today
        self.cache = cache
        self.lock = threading.Lock()

    @contextmanager
    def open(self, as_of: str = "", *, check: bool = True) -> Iterator[api.Timeline]:
        """Yield the store; a question that takes too long ends with an AutotimelineError."""
        deadline = time.monotonic() + _MAX_SECONDS
        with self.lock, api.Timeline(self.files, today=self.today, as_of=as_of or None, cache=self.cache) as timeline:
            if check:
                timeline.check()
            timeline.index.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            try:
                yield timeline
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                what = (
                    f"the question takes more than {_MAX_SECONDS:.0f} seconds; narrow it, for example with since:2024"
                )
                raise AutotimelineError(what) from None

    def query(
        self,
        query: Query = "",
        certain: bool = False,
        as_of: Text = "",
        sort: Text = "",
        reverse: bool = False,
        fields: Annotated[Words, Field(description="Only these fields; `sources` has the quotes")] = [],  # noqa: B006  a default for the schema, never changed
        limit: Limit = DEFAULT_ROWS,
        cursor: Cursor = "",
    ) -> Answer:
        """List the events that match a query, with sources and quotes; only certain ones, or as known on a day."""
        known = (*COLUMNS, *OPTIONAL_FIELDS)
        if unknown := next((name for name in fields if name not in known), None):
            raise UsageError(f'no field "{unknown}"{suggest_or_list(unknown, known)}')
        page = Page(limit, cursor)
        with self.open(as_of) as timeline:
            selection = timeline.select(query, certain=certain, sort=sort or None, reverse=reverse, limit=page.end + 1)
            return make_answer(list_view.table(selection, fields or EVENT_FIELDS), page, timeline, selection)

    def timeline(
        self, query: Query = "", certain: bool = False, limit: Limit = DEFAULT_ROWS, cursor: Cursor = ""
    ) -> Answer:
        """List events in the order of their dates, with figures and the time since the event before."""
        page = Page(limit, cursor)
        with self.open() as timeline:
            selection = timeline.select(query, certain=certain, limit=page.end + 1)
            return make_answer(list_view.table(selection, TIMELINE_FIELDS), page, timeline, selection)

    def show(
        self,
        ids: Annotated[Words, Field(description="Ids of events, or only actor:ID, source:ID, and era:ID")],
        limit: Limit = DEFAULT_ROWS,
        cursor: Cursor = "",
    ) -> Answer:
        """Show all facts of events, or of actors, sources, and eras."""
        pairs = [id.partition(":") for id in ids]
        are_entities = [kind in _ENTITY_KINDS and bool(colon) for kind, colon, _ in pairs]
        if not ids or (any(are_entities) and not all(are_entities)):
            raise UsageError("ids: write ids of events, or only actor:ID, source:ID, and era:ID")
        terms = [Term(kind, id) for kind, _, id in pairs] if any(are_entities) else [Term("id", id) for id in ids]
        with self.open() as timeline:
            selection = timeline.select(terms=[Or(terms)])
            if any(are_entities):
                table = entity.table(selection, entity.FIELDS, terms)
            else:
                table = show.table(selection, (*COLUMNS, *show.EXTRA_FIELDS))
            return make_answer(table, Page(limit, cursor), timeline, selection)

    def compare(
        self,
        sides: Annotated[Words, Field(description="Two or more: queries, or ids of events")],
        limit: Limit = 100,
        cursor: Cursor = "",
    ) -> Answer:
        """Compare events, actors, eras, or other queries: counts, times, figures, differences, and ratios."""
        if len(sides) < 2:
            raise UsageError('sides: fewer than two; write, for example, "era:tavares" and "era:filosa"')
        with self.open() as timeline:
            resolver = timeline.select().resolver
            nodes = [parse_side(side, resolver) for side in sides]
            compared = [Side(node, timeline.select(terms=[node])) for node in nodes]
            table = compare.table(compared, compare.FIELDS)
            return make_answer(table, Page(limit, cursor), timeline, *(side.selection for side in compared))

    def figures(
        self,
        query: Query = "",
        metrics: Words = [],  # noqa: B006  a default for the schema, never changed
        unit: Text = "",
        total: Annotated[bool, Field(description="Add up, and say why others do not add")] = False,
        by: Annotated[str, Field(description="Totals by one or two fields, such as year,actor")] = "",
        per: Annotated[str, Field(description="Rates per day, week, month, quarter, or year")] = "",
        into: Annotated[str, Field(description="Convert to this currency by the rates of the store")] = "",
        limit: Limit = DEFAULT_ROWS,
        cursor: Cursor = "",
    ) -> Answer:
        """List figures with their bounds, their totals, or their rates. Null means no bound, never zero."""
        if per and (total or by or into):
            raise UsageError("per: rates neither add nor convert; choose per, or the others")
        with self.open() as timeline:
            selection = timeline.select(query)
            chosen: dict[str, Any] = {"metrics": metrics, "unit": unit or None}
            if per:
                table = rates.table(selection, rates.FIELDS, per=per, **chosen)
            elif total or by:
                keys = parse_sum_fields(by)
                fields = sums.arrange_fields(sums.FIELDS, keys, into)
                table = sums.table(selection, fields, by=keys, into=into, **chosen)
            else:
                table = figures.table(selection, figures.arrange_fields(figures.FIELDS, into), into=into, **chosen)
            return make_answer(table, Page(limit, cursor), timeline, selection)

    def count(
        self,
        query: Query = "",
        by: Annotated[str, Field(description="One or two fields: year, actor, kind, …")] = "",
        limit: Limit = 50,
        cursor: Cursor = "",
    ) -> Answer:
        """Count events, the certain and the possible ones, by fields."""
        with self.open() as timeline:
            selection, keys = timeline.select(query), parse_fields(by)
            table = count.table(selection, count.arrange_fields(count.FIELDS, keys), keys)
            return make_answer(table, Page(limit, cursor), timeline, selection)

    def names(
        self,
        field: Annotated[str, Field(description=", ".join(VOCABULARIES))],
        query: Query = "",
        limit: Limit = 50,
        cursor: Cursor = "",
    ) -> Answer:
        """List the names in use of a field, with their numbers of events."""
        with self.open() as timeline:
            selection = timeline.select(query)
            table = names.table(selection, names.arrange_fields(names.FIELDS, field), field)
            return make_answer(table, Page(limit, cursor), timeline, selection)

    def check(
        self, query: Query = "", strict: bool = False, limit: Limit = DEFAULT_ROWS, cursor: Cursor = ""
    ) -> Answer:
        """List problems of the store: contradictions, missing sources, quotes that a source lacks; notes if strict."""
        with self.open(check=False) as timeline:
            found = timeline.findings(query, strict=strict)
            rows = ((each.file, each.line, each.level, each.rule, each.event, each.text) for each in found)
            return make_answer(findings.table(rows, findings.FIELDS), Page(limit, cursor), timeline)

    def explain(self, query: Query, certain: bool = False) -> list[str]:
        """Explain how a query is understood: terms, dates, and order."""
        with self.open() as timeline:
            selection = timeline.select(query, certain=certain)
            return [escape_control(line) for line in explain_lines([selection], as_of=timeline.as_of)]
