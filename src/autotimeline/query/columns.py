"""The fields of an event as the contract lists them: what each is in the index, and as a typed cell.

The order is that of JSON and CSV (DESIGN §7). A cell that needs no decoding comes as SQLite has it.
"""

from __future__ import annotations

from functools import cache

from autotimeline.dates.span import BEGIN, END
from autotimeline.index.cell_text import flat_actor, flat_figure, flat_link, flat_source
from autotimeline.query.fields import FLAGS
from autotimeline.table import Column

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from typing import Any


class Names:
    """The names behind ids, read when first asked for; `paths` are the store's files in order."""

    __slots__ = ("_actors", "_sources", "db", "paths")

    def __init__(self, db: sqlite3.Connection, paths: Sequence[str]) -> None:
        self.db = db
        self.paths = paths
        self._actors: dict[str, str] | None = None
        self._sources: dict[str, tuple[str, str | None]] | None = None

    def actor(self, id: str) -> str:
        """Return an actor's name."""
        if self._actors is None:
            self._actors = dict(self.db.execute("SELECT id, name FROM entity WHERE kind = 'actor'").fetchall())
        return self._actors.get(id, id)

    def source(self, id: str) -> tuple[str, str | None]:
        """Return a source's title, and when it was published."""
        if self._sources is None:
            rows = self.db.execute("SELECT id, name, date FROM entity WHERE kind = 'source'")
            self._sources = {id: (title, date) for id, title, date in rows}
        return self._sources.get(id, (id, None))


@cache
def _decoder() -> Callable[[str], tuple[Any, int]]:
    from json import JSONDecoder

    return JSONDecoder().raw_decode


def _decoded(text: str) -> Any:
    return _decoder()(text)[0]


def _list(text: Any, names: Names) -> Any:
    return _decoded(text) if text else []


def _actors(text: Any, names: Names) -> Any:
    return [{"id": id, "name": names.actor(id), "role": role} for id, role in _decoded(text)] if text else []


def _figures(text: Any, names: Names) -> Any:
    return [_number(figure) for figure in _decoded(text)] if text else []


def _number(figure: dict[str, Any]) -> dict[str, Any]:
    from decimal import Decimal

    for bound in ("low", "high"):
        if figure[bound] is not None:
            figure[bound] = Decimal(figure[bound])
    return figure


def _sources(text: Any, names: Names) -> Any:
    found = []
    for citation in _decoded(text) if text else []:
        title, published = names.source(citation["id"])
        figures = [_number(figure) for figure in citation["figures"]]
        rest = {key: citation[key] for key in ("quote", "by", "date", "status")}
        found.append({"id": citation["id"], "title": title, "published": published, **rest, "figures": figures})
    return found


class Source:
    """A column of events: the SQL that yields it, how its value becomes a cell, and the Column itself.

    `text` is the SQL that yields the cell as plain text, where there is one: what needs no decoding is its own.
    `order` is the SQL to sort by, empty where that is the order of dates itself.
    """

    __slots__ = ("column", "decode", "order", "sql", "text")

    @property
    def several(self) -> bool:
        """Whether a cell is a list of values."""
        return self.decode in (_list, _actors, _figures, _sources)

    def __init__(
        self,
        name: str,
        sql: str,
        decode: Callable[[Any, Names], Any] | None = None,
        flat: Callable[[Any], str] = str,
        *,
        text: str = "",
        order: str | None = None,
    ) -> None:
        self.column = Column(name, flat)
        self.sql = sql
        self.decode = decode
        self.text = f"COALESCE({text or sql}, '')" if text or not decode else ""
        self.order = sql if order is None else order


ROWS = "event e LEFT JOIN detail d ON d.event = e.n"
"""The rows that columns are of. Where none of them is a detail, the join adds nothing, and SQLite leaves it away."""
MARKS = ("cancelled", "overdue", "planned", "reported", "happened")
"""How an event may stand; the first of them that holds is its mark."""


def marked(told: Sequence[object]) -> str:
    """Return as SQL what is told of an event, of so many things, by its mark; `{today}` is to be filled in."""
    overdue = FLAGS["overdue"].replace("?", "{today}")
    cancelled, late, planned, reported, happened = told
    return (
        f"CASE e.status WHEN 'cancelled' THEN {cancelled}"
        f" WHEN 'planned' THEN CASE WHEN {overdue} THEN {late} ELSE {planned} END"
        f" ELSE CASE WHEN e.reported THEN {reported} ELSE {happened} END END"
    )


_WRITTEN = "FROM block b JOIN segment s ON s.n = b.segment WHERE b.n = e.block"
_LINE = f"(SELECT s.line + b.line {_WRITTEN}) + e.line"
MATCH = "CASE WHEN ({must}) THEN 'certain' ELSE 'possible' END"

# When it is, as `Span.as_window` has it; where that is disputed, some time within all that is claimed.
_WINDOW = {
    "outer_lo": "e.w_lo",
    "outer_hi": "e.w_hi",
    "inner_lo": "CASE WHEN e.disputed_date THEN e.w_hi ELSE e.i_lo END",
    "inner_hi": "CASE WHEN e.disputed_date THEN e.w_lo ELSE e.i_hi END",
}

COLUMNS = {
    source.column.name: source
    for source in (
        Source("id", "e.id"),
        Source("date", "e.date", order=""),
        Source("edtf", "e.edtf", order=""),
        Source("extent", "e.extent"),
        Source("earliest", "e.first", order=f"NULLIF(e.earliest, {BEGIN})"),
        Source("latest", "e.last", order=f"NULLIF(e.latest, {END})"),
        Source("match", MATCH),
        Source("status", "e.status"),
        Source("kind", "e.kind"),
        Source("title", "e.title"),
        Source("actors", "d.actors", _actors, flat_actor, text="d.actors_text"),
        Source("places", "d.places", _list, text="d.places_text"),
        Source("tags", "d.tags", _list, text="d.tags_text"),
        Source("figures", "d.figures", _figures, flat_figure, text="d.figures_text"),
        Source("sources", "d.sources", _sources, flat_source, text="d.sources_text"),
        Source("links", "d.links", _list, flat_link, text="d.links_text"),
        Source("known", "e.known", order="e.known_day"),
        Source("printed", "d.printed"),
        Source(
            "reported",
            "e.reported",
            lambda value, names: bool(value),
            text="CASE WHEN e.reported THEN 'true' ELSE 'false' END",
        ),
        Source("note", "d.note"),
        Source("disputed", "e.disputed", _list, text="e.disputed_text"),
        Source("file", f"(SELECT s.file {_WRITTEN})", lambda value, names: names.paths[value]),
        Source("line", _LINE, text=f"CAST({_LINE} AS TEXT)"),
    )
}
# What is no field of the contract: the order of dates, the one mark of an event, the bounds (ordinals) of when it
# starts and ends, the findings that it accepts, by rule, and its keys as a store has them: all of them, and only where
# some figure may repeat another.
DRAWN = {
    source.column.name: source
    for source in (
        Source("o1", "e.o1"),
        Source("o2", "e.o2"),
        Source("mark", marked([f"'{mark}'" for mark in MARKS])),
        Source("uncertain", "e.uncertain"),
        Source("start_lo", "e.earliest"),
        Source("start_hi", "e.start_hi"),
        Source("end_lo", "CASE e.extent WHEN 'throughout' THEN e.i_hi ELSE e.earliest END"),
        Source("end_hi", "e.latest"),
        *(Source(name, sql) for name, sql in _WINDOW.items()),
        Source("body", "d.body", lambda text, names: _decoded(text)),
        Source("accept", "d.accept", lambda text, names: _decoded(text) if text else {}),
        Source(
            "repeating",
            "CASE WHEN d.body LIKE '%\"repeats\"%' THEN d.body END",
            lambda text, names: _decoded(text) if text else None,
        ),
    )
}
# What is told from row to row, by the option that asks for it: in words, then the fewest and the most days.
ELAPSED = {"gap": ("gap", "gap_low", "gap_high"), "since_event": ("since", "since_low", "since_high")}
COLUMNS["match"].column.marks = {"certain": "", "possible": "?"}
