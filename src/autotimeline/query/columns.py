"""The columns of events, in the order of the contract: their SQL, and how a value becomes a typed cell."""

from __future__ import annotations

from functools import cache

from autotimeline.dates.span import END
from autotimeline.query.fields import STATE_SQL
from autotimeline.query.predicates import window_sql
from autotimeline.render.canvas import FLAG_MARKS
from autotimeline.schema import PLAIN_KEYS
from autotimeline.table import Column, actor_to_text, citation_to_text, figure_to_text, link_to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from autotimeline.engines.database import Database

_READ_SINGLY = 3


class DisplayNames:
    """The names of ids, read on first use; `paths` are the files of the store in order."""

    __slots__ = ("_found", "_origins", "_titles", "db", "paths")

    def __init__(self, db: Database, paths: Sequence[str]) -> None:
        self.db = db
        self.paths = paths
        self._titles: dict[str, dict[str, tuple[str, str | None]]] = {}
        self._found: dict[tuple[str, str], tuple[str, str | None] | None] = {}
        self._origins: dict[str, tuple[str | None, str | None]] | None = None

    def actor(self, id: str) -> str:
        """Return an actor's name; the id if it is missing."""
        return (self._find("actor", id) or (id,))[0]

    def source(self, id: str) -> tuple[str, str | None]:
        """Return the title of a source and its publication date; the id if it is missing."""
        return self._find("source", id) or (id, None)

    def source_origin(self, id: str) -> tuple[str | None, str | None]:
        """Return the address of a source, and where it has its facts from."""
        if self._origins is None:
            sql = "SELECT id, json_extract(body, '$.url'), origin FROM entity WHERE kind = 'source'"
            self._origins = {id: (url, origin) for id, url, origin in self.db.execute(sql)}
        return self._origins.get(id, (None, None))

    def of_kind(self, kind: str) -> dict[str, str]:
        """Return the names of all entities of a kind by id."""
        return {id: name for id, (name, _) in self._read(kind).items()}

    def _find(self, kind: str, id: str) -> tuple[str, str | None] | None:
        """Return the name and the date of an entity; the first few are read one by one, for there may be many."""
        key = (kind, id)
        if kind in self._titles or (len(self._found) == _READ_SINGLY and key not in self._found):
            return self._read(kind).get(id)
        if key not in self._found:
            sql = "SELECT name, date FROM entity WHERE kind = ? AND id = ?"
            self._found[key] = self.db.execute(sql, key).fetchone()
        return self._found[key]

    def _read(self, kind: str) -> dict[str, tuple[str, str | None]]:
        if kind not in self._titles:
            rows = self.db.execute("SELECT id, name, date FROM entity WHERE kind = ?", (kind,))
            self._titles[kind] = {id: (name, date) for id, name, date in rows}
        return self._titles[kind]


@cache
def _decoder() -> Callable[[str], tuple[Any, int]]:
    from json import JSONDecoder

    return JSONDecoder().raw_decode


def decode_json(text: str) -> Any:
    """Decode JSON text of the index."""
    return _decoder()(text)[0]


@cache
def _record_decoder() -> Callable[[str], tuple[Any, int]]:
    from decimal import Decimal
    from json import JSONDecoder

    # The only numbers of figures and citations are bounds.
    return JSONDecoder(parse_float=Decimal, parse_int=Decimal).raw_decode


def _decode_list(text: Any, names: DisplayNames) -> Any:
    return decode_json(text) if text else []


def _decode_actors(text: Any, names: DisplayNames) -> Any:
    return [{"id": id, "name": names.actor(id), "role": role} for id, role in decode_json(text)] if text else []


def _decode_figures(text: Any, names: DisplayNames) -> Any:
    return _record_decoder()(text)[0] if text else []


def _decode_sources(text: Any, names: DisplayNames) -> Any:
    citations = []
    for citation in _record_decoder()(text)[0] if text else []:
        id = citation.pop("id")
        title, published = names.source(id)
        url, origin = names.source_origin(id)
        citations.append({"id": id, "title": title, "published": published, **citation, "url": url, "origin": origin})
    return citations


def _decode_source_titles(text: Any, names: DisplayNames) -> list[str]:
    return [names.source(id)[0] for id in _cited_sources(text)]


def _decode_source_urls(text: Any, names: DisplayNames) -> list[str]:
    return [url for id in _cited_sources(text) if (url := names.source_origin(id)[0])]


def _cited_sources(text: Any) -> dict[str, None]:
    return dict.fromkeys(citation["id"] for citation in decode_json(text)) if text else {}


class EventColumn:
    """A column of events.

    Attributes:
        column: The column of a table.
        sql: The SQL of its value.
        decode: The function from its value to a cell; None if the value is the cell.
        text_sql: The SQL of its cell as text; empty if there is none.
        sort_sql: The SQL to sort by; empty for the date itself.
    """

    __slots__ = ("column", "decode", "sort_sql", "sql", "text_sql")

    def __init__(
        self,
        name: str,
        sql: str,
        decode: Callable[[Any, DisplayNames], Any] | None = None,
        to_text: Callable[[Any], str] = str,
        *,
        text_sql: str = "",
        sort_sql: str | None = None,
        marks: Mapping[str, str] | None = None,
    ) -> None:
        self.column = Column(name, to_text, marks)
        self.sql = sql
        self.decode = decode
        self.text_sql = f"COALESCE({text_sql or sql}, '')" if text_sql or not decode else ""
        self.sort_sql = sql if sort_sql is None else sort_sql

    @property
    def is_list(self) -> bool:
        """Whether a cell is a list of values."""
        return self.decode in (_decode_list, _decode_actors, _decode_figures, _decode_sources)


EVENT_JOINS = (
    "LEFT JOIN detail d ON d.event = e.number LEFT JOIN block b ON b.number = e.block"
    " LEFT JOIN chunk k ON k.number = b.chunk"
)
EVENT_TABLES = f"event e {EVENT_JOINS}"
"""The tables that columns read; an engine skips the joins that no column needs."""
MARK_NAMES = ("cancelled", "overdue", "planned", "reported", "happened")
"""The states of an event; the first that applies is its mark."""


def mark_case_sql(values: Sequence[object]) -> str:
    """Return SQL that chooses the value of an event's mark, in the order of MARK_NAMES; `{today}` is a placeholder."""
    is_overdue = STATE_SQL["overdue"].replace("?", "{today}")
    cancelled, overdue, planned, reported, happened = values
    return (
        f"CASE e.status WHEN 'cancelled' THEN {cancelled}"
        f" WHEN 'planned' THEN CASE WHEN {is_overdue} THEN {overdue} ELSE {planned} END"
        f" ELSE CASE WHEN e.reported THEN {reported} ELSE {happened} END END"
    )


_LINE_SQL = "k.line + b.line + e.line"
# By date, then in the order of the files; several events of one line by id.
ORDER_KEYS = ("e.sort_day", "e.sort_tiebreak", "e.position", "e.id")
ORDER_SQL = ", ".join(ORDER_KEYS)
ID_ORDER_SQL = "e.sort_day, e.sort_tiebreak, e.id"
"""The order for checks: by date, then by id, so that no finding depends on the order of the files."""
MATCH_SQL = "CASE WHEN ({must}) THEN 'certain' ELSE 'possible' END"


def _plain_column(key: tuple[str, str]) -> EventColumn:
    name, type = key
    if type == "text":
        return EventColumn(name, f"d.{name}")
    text_sql = f"CASE WHEN e.{name} THEN 'true' ELSE 'false' END"
    return EventColumn(name, f"e.{name}", lambda value, names: bool(value), text_sql=text_sql)


COLUMNS = {
    column.column.name: column
    for column in (
        EventColumn("id", "e.id"),
        EventColumn("date", "e.date", sort_sql=""),
        EventColumn("edtf", "e.edtf", sort_sql=""),
        EventColumn("extent", "e.extent"),
        EventColumn("earliest", "e.first", sort_sql="CASE WHEN e.first IS NOT NULL THEN e.earliest END"),
        EventColumn("latest", "e.last", sort_sql=f"NULLIF(e.latest, {END})"),
        EventColumn("match", MATCH_SQL, marks={"certain": "", "possible": FLAG_MARKS["possible"]}),
        EventColumn("status", "e.status"),
        EventColumn("kind", "e.kind"),
        EventColumn("title", "e.title"),
        EventColumn("actors", "d.actors", _decode_actors, actor_to_text, text_sql="d.actors_text"),
        EventColumn("places", "d.places", _decode_list, text_sql="d.places_text"),
        EventColumn("tags", "d.tags", _decode_list, text_sql="d.tags_text"),
        EventColumn("figures", "d.figures", _decode_figures, figure_to_text, text_sql="d.figures_text"),
        EventColumn("sources", "d.sources", _decode_sources, citation_to_text, text_sql="d.sources_text"),
        EventColumn("links", "d.links", _decode_list, link_to_text, text_sql="d.links_text"),
        EventColumn("known", "e.known", sort_sql="e.known_day"),
        *map(_plain_column, PLAIN_KEYS),
        EventColumn("disputed", "e.disputed", _decode_list, text_sql="e.disputed_text"),
        EventColumn("file", "k.file", lambda value, names: names.paths[value]),
        EventColumn("line", _LINE_SQL, text_sql=f"'' || ({_LINE_SQL})"),
    )
}


@cache
def _internal_columns() -> dict[str, EventColumn]:
    """Return the columns that are not in the contract, by name.

    First and last days are ordinals, `participants` are pairs of an id and a role, `cited` the ids of the sources,
    `citations` without names, `claiming` the same if one states a figure or a contradiction, `accept` the accepted
    findings by rule, `body` the keys as in a store, `body_text` the same as JSON, and `repeating` the body if a figure
    may repeat another.
    """
    return {
        column.column.name: column
        for column in (
            EventColumn("sort_day", "e.sort_day"),
            EventColumn("sort_tiebreak", "e.sort_tiebreak"),
            EventColumn("position", "e.position"),
            EventColumn("mark", mark_case_sql([f"'{mark}'" for mark in MARK_NAMES])),
            EventColumn("uncertain", "e.uncertain"),
            EventColumn("start_first", "e.earliest"),
            EventColumn("start_last", "e.start_last"),
            EventColumn("end_first", "CASE e.extent WHEN 'throughout' THEN e.inside_last ELSE e.earliest END"),
            EventColumn("end_last", "e.latest"),
            *(EventColumn(name, sql) for name, sql in window_sql().items()),
            EventColumn("context", "c.is_context", lambda value, names: bool(value)),
            EventColumn("participants", "d.actors", _decode_list),
            EventColumn(
                "cited",
                "(SELECT GROUP_CONCAT(c.source, ' ') FROM citation c WHERE c.event = e.number)",
                lambda text, names: text.split() if text else [],
            ),
            EventColumn("citations", "d.sources", _decode_figures),
            EventColumn(
                "claiming",
                "CASE WHEN e.disputed IS NOT NULL OR d.sources LIKE '%\"metric\"%' THEN d.sources END",
                _decode_figures,
            ),
            EventColumn("body", "d.body", lambda text, names: decode_json(text)),
            EventColumn("body_text", "d.body"),
            EventColumn("accept", "d.accept", lambda text, names: decode_json(text) if text else {}),
            EventColumn(
                "repeating",
                "CASE WHEN d.body LIKE '%\"repeats\"%' THEN d.body END",
                lambda text, names: decode_json(text) if text else None,
            ),
        )
    }


# The columns of elapsed time by option: in words, then the least and the most days.
ELAPSED_COLUMNS = {"gap": ("gap", "gap_low", "gap_high"), "since_event": ("since", "since_low", "since_high")}
# How late a plan was: in words, then the fewest and the most days.
SLIP_FIELDS = ("slip", "slip_low", "slip_high")
# The titles and the addresses of the sources, each once.
_SOURCE_DECODERS = {"source-title": _decode_source_titles, "source-url": _decode_source_urls}
OPTIONAL_FIELDS = (*SLIP_FIELDS, *_SOURCE_DECODERS)
"""Fields of events that are shown only if they are named."""


def list_sortable_fields() -> list[str]:
    """Return the fields to sort events by: those with a single value."""
    return [*(name for name, column in COLUMNS.items() if not column.is_list and name != "match"), *SLIP_FIELDS]


def event_column(name: str) -> EventColumn:
    """Return the column of a field, of OPTIONAL_FIELDS too."""
    if name in _SOURCE_DECODERS:
        return EventColumn(name, "d.sources", _SOURCE_DECODERS[name])
    if name in SLIP_FIELDS:
        from autotimeline.query.slips import SLIP_BOUNDS_SQL, SLIP_TEXTS_SQL, slip_texts  # not on the fast path

        if name in SLIP_BOUNDS_SQL:
            return EventColumn(name, SLIP_BOUNDS_SQL[name])
        return EventColumn(
            name,
            SLIP_TEXTS_SQL,
            lambda text, names: slip_texts(decode_json(text)),
            sort_sql=SLIP_BOUNDS_SQL["slip_low"],
        )
    return COLUMNS.get(name) or _internal_columns()[name]
