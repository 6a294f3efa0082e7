"""What the words of a query are looked up in: the names in the store, today, and what came of it."""

from __future__ import annotations

from autotimeline.dates import human
from autotimeline.errors import UnknownError, UsageError
from autotimeline.text import fold, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from autotimeline.dates.span import Quad

_ONE = {"actor": "an actor", "era": "an era", "source": "a source"}


def lists(field: str) -> str:
    """Return where to look for what there is."""
    return f"; `autotimeline names {field}` lists what there is"


class Scope:
    """One question's surroundings: the index, today as an ordinal, and what is to be told about the question.

    `words` is the index whose ids and words there are to ask by: that of today, where `db` is that of a day
    in the past. What was not known then is no mistake, and finds nothing.
    `warnings` are lines for stderr; `meanings` say what each date was taken to mean, by the term's
    text; `relative` are those that depend on today or on another event.
    """

    __slots__ = ("_columns", "db", "meanings", "relative", "today", "warnings", "words")

    def __init__(self, db: sqlite3.Connection, today: int, words: sqlite3.Connection | None = None) -> None:
        self.db = db
        self.words = words or db
        self.today = today
        self.warnings: list[str] = []
        self.meanings: dict[str, str] = {}
        self.relative: dict[str, str] = {}
        self._columns: dict[str, list[str]] = {}

    def ids(self, kind: str) -> list[str]:
        """Return all ids of a kind: event, actor, source, era, alias."""
        if kind == "event":
            return [row[0] for row in self.words.execute("SELECT id FROM event")]
        return [row[0] for row in self.words.execute("SELECT id FROM entity WHERE kind = ?", (kind,))]

    def one(self, sql: str, *parameters: object) -> str | None:
        """Return the first column of the first row, None where there is none."""
        row = self.words.execute(sql, parameters).fetchone()
        return None if row is None else str(row[0])

    def event(self, id: str) -> str:
        """Return the id of an event that exists.

        Raises:
            UsageError: where there is none.
        """
        id = id.lower()
        if self.one("SELECT id FROM event WHERE id = ?", id) is None:
            kind = self.one("SELECT kind FROM entity WHERE id = ? AND kind IN ('actor', 'era', 'source')", id)
            other = f"; it is the id of {_ONE[kind]}: write {kind}:{id}" if kind else ""
            raise UnknownError(f'no event "{id}"{other or nearest(id, self.ids("event"))}')
        return id

    def actor(self, name: str) -> str:
        """Return the id of the actor of that id, name or alias.

        Raises:
            UsageError: where there is none, or where several are called so.
        """
        sql = "SELECT id FROM entity WHERE kind = 'actor' AND id = ?"
        if found := self.one(sql, name.lower()):
            return found
        sql = "SELECT DISTINCT actor FROM name WHERE folded = ? ORDER BY actor"
        actors = [row[0] for row in self.db.execute(sql, (fold(name),))]
        if len(actors) > 1:
            raise UsageError(f'"{name}" names several actors: {", ".join(actors)}; write the id of one')
        if not actors:
            known = [*self.ids("actor"), *(row[0] for row in self.db.execute("SELECT folded FROM name"))]
            raise UnknownError(f'no actor "{name}"{nearest(name, known) or lists("actors")}')
        return self._called(name, actors[0])

    def entity(self, kind: str, name: str) -> str:
        """Return the id of the source or era of that id or name.

        Raises:
            UsageError: where there is none.
        """
        if id := self.one("SELECT id FROM entity WHERE kind = ? AND id = ?", kind, name.lower()):
            return id
        rows = self.db.execute("SELECT id, name FROM entity WHERE kind = ? ORDER BY id", (kind,))
        found = [id for id, called in rows if fold(called or id) == fold(name)]
        if len(found) > 1:
            raise UsageError(f'"{name}" names several {kind}s: {", ".join(found)}; write the id of one')
        if not found:
            raise UnknownError(f'no {kind} "{name}"{nearest(name, self.ids(kind)) or lists(f"{kind}s")}')
        return self._called(name, found[0])

    def _called(self, name: str, id: str) -> str:
        self.meanings[f'"{name}"'] = id
        return id

    def era(self, name: str) -> Quad:
        """Return the window of an era: outer first, then inner."""
        from autotimeline.dates import edtf

        id = self.entity("era", name)
        row = self.db.execute("SELECT date FROM entity WHERE kind = 'era' AND id = ?", (id,)).fetchone()
        return edtf.parse(row[0]).as_window(True)

    def dates(self, id: str) -> Quad:
        """Return the window of an event's date: outer first, then inner.

        Raises:
            UsageError: where the event does not exist or is undated.
        """
        sql = "SELECT w_lo, w_hi, i_lo, i_hi, disputed_date FROM event WHERE id = ?"
        row = self.db.execute(sql, (self.event(id),)).fetchone()
        if row is None:
            raise UsageError(f'event "{id}" was not known then; name another, or a date')
        low, high, latest, earliest, disputed = row
        if low is None:
            raise UsageError(f'event "{id}" is undated; name an event with a date')
        # Claims that exclude each other have no day in common.
        return (low, high, high, low) if disputed else (low, high, latest, earliest)

    def window(self, text: str, told: str) -> Quad:
        """Return the window of a period in human words; `told` is the term as it was written."""
        return self.tell(self.read(text), told)

    def read(self, text: str) -> human.Window:
        """Return a period in human words, as days."""
        return human.window(text, self.today, self.resolve)

    def tell(self, found: human.Window, told: str) -> Quad:
        """Note what a window was taken to mean, and return its bounds."""
        self.meanings[told] = found.means
        if found.relative:
            self.relative[told] = found.means
        return found.bounds

    def resolve(self, name: str) -> Quad:
        """Return the window of `@event-id`, or of an era."""
        if name.startswith("@"):
            return self.dates(name[1:])
        eras = self.ids("era")
        if name not in eras:
            raise UnknownError(f'"{name}" is neither a date nor an era{nearest(name, eras) or lists("eras")}')
        return self.era(name)

    def alike(self, kind: str, value: str, sql: str) -> None:
        """Warn where a free word stands in no event; `sql` yields the words that do."""
        known = self.column(sql)
        if fold(value) not in map(fold, known):
            self.warn(f'no event has the {kind} "{value}"{nearest(value, known)}')

    def column(self, sql: str) -> list[str]:
        """Return the words that a statement yields; one that has been asked before is not asked again."""
        if sql not in self._columns:
            self._columns[sql] = [row[0] for row in self.words.execute(sql) if row[0]]
        return self._columns[sql]

    def warn(self, line: str) -> None:
        """Tell a line on stderr, once."""
        if line not in self.warnings:
            self.warnings.append(line)
