"""The names that a query refers to, looked up in the store, and notes on how its words were read."""

from __future__ import annotations

from autotimeline.errors import UnknownNameError, UsageError
from autotimeline.text import fold, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.dates.human import Window
    from autotimeline.dates.span import DayQuad
    from autotimeline.engines.database import Database

_NOUN_BY_KIND = {"actor": "an actor", "era": "an era", "source": "a source"}


def vocabulary_hint(field: str) -> str:
    """Return the hint of an error that names the command which lists the known names."""
    return f"; `autotimeline names {field}` lists what there is"


class NameResolver:
    """The names of a store for one query; dates resolve relative to `today` (an ordinal).

    Attributes:
        paths: The files of the store, in order.
        vocabulary_db: Today's index if `db` is that of a past day: a name that was unknown then is not an error.
        warnings: Lines for stderr.
        meanings: How each date or name was read, by the text of its term.
        relative_meanings: Those that depend on today or on another event.
    """

    __slots__ = (
        "_distinct_cache",
        "db",
        "meanings",
        "paths",
        "relative_meanings",
        "today",
        "vocabulary_db",
        "warnings",
    )

    def __init__(
        self,
        db: Database,
        today: int,
        vocabulary_db: Database | None = None,
        paths: Sequence[str] = (),
    ) -> None:
        self.db = db
        self.paths = paths
        self.vocabulary_db = vocabulary_db or db
        self.today = today
        self.warnings: list[str] = []
        self.meanings: dict[str, str] = {}
        self.relative_meanings: dict[str, str] = {}
        self._distinct_cache: dict[str, list[str]] = {}

    def list_ids(self, kind: str) -> list[str]:
        """Return all ids of a kind: event, actor, source, era, alias."""
        if kind == "event":
            return [row[0] for row in self.vocabulary_db.execute("SELECT id FROM event")]
        return [row[0] for row in self.vocabulary_db.execute("SELECT id FROM entity WHERE kind = ?", (kind,))]

    def scalar(self, sql: str, *parameters: object) -> str | None:
        """Return the first cell of a query as text; None if it has no rows.

        Raises:
            UsageError: If a parameter is not UTF-8.
        """
        try:
            row = self.vocabulary_db.execute(sql, parameters).fetchone()
        except UnicodeEncodeError as error:
            raise UsageError(f'"{error.object}" is not UTF-8') from None
        return None if row is None else str(row[0])

    def resolve_event(self, id: str) -> str:
        """Return the id of an existing event.

        Raises:
            UnknownNameError: If it is missing.
        """
        id = id.lower()
        if self.scalar("SELECT id FROM event WHERE id = ?", id) is None:
            kind = self.scalar("SELECT kind FROM entity WHERE id = ? AND kind IN ('actor', 'era', 'source')", id)
            hint = f"; it is the id of {_NOUN_BY_KIND[kind]}: write {kind}:{id}" if kind else ""
            raise UnknownNameError(f'no event "{id}"{hint or suggest(id, self.list_ids("event"))}')
        return id

    def resolve_actor(self, name: str) -> str:
        """Return the id of the actor with this id, name, or alias.

        Raises:
            UnknownNameError: If it is missing.
            UsageError: If several actors have this name.
        """
        return self.resolve_entity("actor", name)

    def resolve_entity(self, kind: str, name: str) -> str:
        """Return the id of the source, actor, or era with this id or name.

        Raises:
            UnknownNameError: If it is missing.
            UsageError: If several have this name.
        """
        return self._single_id(kind, name, self.find_ids(kind, name))

    def find_ids(self, kind: str, name: str) -> list[str]:
        """Return the id of the source, actor, or era with this id, or else the ids of all with this name or alias."""
        if id := self.scalar("SELECT id FROM entity WHERE kind = ? AND id = ?", kind, name.lower()):
            return [id]
        if kind == "actor":
            sql = "SELECT DISTINCT actor FROM actor_name WHERE folded = ? ORDER BY actor"
            return [row[0] for row in self.db.execute(sql, (fold(name),))]
        rows = self.db.execute("SELECT id, name FROM entity WHERE kind = ? ORDER BY id", (kind,))
        return [id for id, other in rows if fold(other or id) == fold(name)]

    def _single_id(self, kind: str, name: str, ids: list[str]) -> str:
        if len(ids) > 1:
            raise UsageError(f'"{name}" names several {kind}s: {", ".join(ids)}; write the id of one')
        if not ids:
            names = self.db.execute("SELECT folded FROM actor_name WHERE ? = 'actor'", (kind,))
            known = [*self.list_ids(kind), *(row[0] for row in names)]
            raise UnknownNameError(f'no {kind} "{name}"{suggest(name, known) or vocabulary_hint(f"{kind}s")}')
        if ids[0] != name.lower():
            self.meanings[f'"{name}"'] = ids[0]
        return ids[0]

    def era_window(self, name: str) -> DayQuad:
        """Return the days of an era: outer first, then inner."""
        from autotimeline.dates import edtf

        id = self.resolve_entity("era", name)
        row = self.db.execute("SELECT date FROM entity WHERE kind = 'era' AND id = ?", (id,)).fetchone()
        return edtf.parse_date(row[0]).as_window(True)

    def event_window(self, id: str) -> DayQuad:
        """Return the days of an event's date: outer first, then inner.

        Raises:
            UsageError: If the event is missing or undated.
        """
        sql = "SELECT overlap_first, overlap_last, inside_first, inside_last, disputed_date FROM event WHERE id = ?"
        row = self.db.execute(sql, (self.resolve_event(id),)).fetchone()
        if row is None:
            raise UsageError(f'event "{id}" was not known then; name another, or a date')
        first, last, inside_first, inside_last, disputed = row
        if first is None:
            raise UsageError(f'event "{id}" is undated; name an event with a date')
        # Claims that exclude each other have no day in common.
        return (first, last, last, first) if disputed else (first, last, inside_first, inside_last)

    def period_window(self, text: str, term: str) -> DayQuad:
        """Return the days of a period in human words, and note its meaning under the text of its term."""
        period = self.parse_period(text)
        return self.record_meaning(term, period.bounds, is_relative=period.relative)

    def parse_period(self, text: str) -> Window:
        """Parse a period in human words."""
        from autotimeline.dates.human import parse_window  # not needed without a query

        return parse_window(text, self.today, self.resolve_window)

    def record_meaning(self, term: str, bounds: DayQuad, *, is_relative: bool) -> DayQuad:
        """Note the days that a term was read as, and return them."""
        from autotimeline.dates.human import Window

        self.meanings[term] = description = Window(bounds, term, is_relative).description
        if is_relative:
            self.relative_meanings[term] = description
        return bounds

    def resolve_window(self, name: str) -> DayQuad:
        """Return the days of `@EVENT` or of an era."""
        if name.startswith("@"):
            return self.event_window(name[1:])
        eras = self.list_ids("era")
        if name not in eras:
            is_event = self.scalar("SELECT 1 FROM event WHERE id = ?", name)
            hint = f"; write @{name} for the event" if is_event else suggest(name, eras) or vocabulary_hint("eras")
            raise UnknownNameError(f'"{name}" is neither a date nor an era{hint}')
        return self.era_window(name)

    def distinct(self, sql: str) -> list[str]:
        """Return the words that a query yields, cached."""
        if sql not in self._distinct_cache:
            self._distinct_cache[sql] = [row[0] for row in self.vocabulary_db.execute(sql) if row[0]]
        return self._distinct_cache[sql]

    def warn(self, line: str) -> None:
        """Add a line to `warnings`, once."""
        if line not in self.warnings:
            self.warnings.append(line)
