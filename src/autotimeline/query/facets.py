"""The fields to count by: for each, SQL that says of an event which cells it falls in, and in which of them surely.

A cell is a term of the query language, and SQL of the same conditions: that of `kind:deal` holds what `kind:deal`
finds. A new field is one entry in AXES. Months, quarters and years are counted by themselves (`counting`).
"""

from __future__ import annotations

from autotimeline.dates import edtf
from autotimeline.dates.span import order_key
from autotimeline.errors import UsageError
from autotimeline.query.conditions import dated, filled, stated
from autotimeline.query.fields import FIELDS as TERMS
from autotimeline.query.fields import LINKS, STATES, STATUSES
from autotimeline.text import fold, nearest, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.query.columns import Names
    from autotimeline.query.conditions import Sql
    from autotimeline.query.resolver import Scope

TIMES = {"year": 12, "quarter": 3, "month": 1}
"""How many months a cell of time has."""


class Axis:
    """The cells of a field; in its SQL `{v}` stands for the relation that it brings, and `e` is the event's row.

    Attributes:
        relation: Names of columns, and a statement that yields them; None where the event's own row says it all.
        falls: Where an event falls in a cell; of a relation with a column `event`, also where that is the event.
        key: What the cell is grouped by.
        sure: Where it surely does; empty where it does for sure whenever it does.
        word: How the key is written by people; empty where it is that already.
        several: Whether an event may have several rows for one cell.
        kept: Whether the rows of span say it too.
        order: The keys in an order of their own, else the most frequent comes first.
    """

    __slots__ = ("falls", "kept", "key", "order", "relation", "several", "sure", "word")

    def __init__(
        self,
        relation: tuple[str, Sql] | None = None,
        *,
        key: str = "{v}.key",
        falls: str = "",
        sure: str = "",
        word: str = "",
        several: bool = False,
        kept: bool = False,
        order: Sequence[str] = (),
    ) -> None:
        self.relation = relation
        self.key = key
        self.falls = falls
        self.sure = sure
        self.word = word
        self.several = several
        self.kept = kept
        self.order = order

    @property
    def of_events(self) -> bool:
        """Whether the rows of the relation name their event."""
        return self.relation is not None and ", event" in self.relation[0]


def _of_events(statement: str, *parameters: object, several: bool = True) -> Axis:
    """Return the axis of a table with rows (key, event)."""
    return Axis(("key, event", (statement, parameters)), several=several)


def _kind(scope: Scope) -> Axis:
    return Axis(key="e.kind_folded", falls="e.kind_folded IS NOT NULL", word="e.kind", kept=True)


def _status(scope: Scope) -> Axis:
    condition = stated("{v}.key")
    rows = ", ".join(f"('{status}')" for status in STATUSES)
    return Axis(("key", (f"VALUES {rows}", ())), falls=filled(condition.may), sure=filled(condition.must))


def _role(scope: Scope) -> Axis:
    # A query does not care how a role is spelled; the index does.
    spelled: dict[str, str] = {}
    cases: list[str] = []
    for (role,) in scope.db.execute("SELECT DISTINCT role FROM party WHERE role IS NOT NULL ORDER BY role"):
        first = spelled.setdefault(fold(role), role)
        cases += [role, first] if first != role else []
    key = f"CASE role {'WHEN ? THEN ? ' * (len(cases) // 2)}ELSE role END" if cases else "role"
    return _of_events(f"SELECT {key}, event FROM party WHERE role IS NOT NULL", *cases)


def _group(scope: Scope) -> Axis:
    # Each whole, and what is part of none; what is only a part counts in its whole.
    return _of_events(
        "WITH RECURSIVE member(whole, actor) AS (SELECT id, id FROM entity WHERE kind = 'actor'"
        " AND (id IN (SELECT whole FROM part) OR id NOT IN (SELECT actor FROM part))"
        " UNION SELECT m.whole, p.actor FROM part p JOIN member m ON p.whole = m.actor)"
        " SELECT m.whole, y.event FROM member m JOIN party y ON y.actor = m.actor"
    )


def _place(scope: Scope) -> Axis:
    # The parts between commas, without the whole of them.
    parts = "folded <> '' AND NOT (name LIKE '%,%' AND folded LIKE '%,%')"
    relation = ("key, event, word", (f"SELECT folded, event, name FROM place WHERE {parts}", ()))
    return Axis(relation, word="{v}.word", several=True)


def _tag(scope: Scope) -> Axis:
    relation = ("key, event, word", ("SELECT folded, event, name FROM tag", ()))
    return Axis(relation, word="{v}.word", several=True)


def _era(scope: Scope) -> Axis:
    spans = {
        id: edtf.parse(date).as_window(True)
        for id, date in scope.db.execute("SELECT id, date FROM entity WHERE kind = 'era'")
    }
    order = sorted(spans, key=lambda id: (order_key(*spans[id][:2]), id))
    bounds = ("outer_low", "outer_high", "inner_low", "inner_high")
    rows = ", ".join(["(?, ?, ?, ?, ?)"] * len(spans))
    statement = f"VALUES {rows}" if spans else "SELECT NULL, 0, 0, 0, 0 WHERE 1 = 0"
    relation = (f"key, {', '.join(bounds)}", (statement, tuple(cell for id in order for cell in (id, *spans[id]))))
    condition = dated(("{v}.outer_low", "{v}.outer_high", "{v}.inner_low", "{v}.inner_high"))
    return Axis(relation, falls=filled(condition.may), sure=filled(condition.must), order=order)


def _terms(field: str, words: Sequence[str], scope: Scope) -> Axis:
    """Return the axis of a field with few words: each is asked as the term that it is."""
    parts: list[str] = []
    parameters: list[object] = []
    for word in words:
        condition = TERMS[field].condition(word, scope)
        (may, mays), (must, musts) = condition.may, condition.must
        parts.append(f"SELECT ?, e.n, CASE WHEN {must} THEN 1 ELSE 0 END FROM event e WHERE {may}")
        parameters += [word, *musts, *mays]
    return Axis(("key, event, sure", (" UNION ALL ".join(parts), tuple(parameters))), sure="{v}.sure")


AXES: dict[str, Callable[[Scope], Axis]] = {
    "era": _era,
    "actor": lambda scope: _of_events("SELECT actor, event FROM party"),
    "group": _group,
    "role": _role,
    "kind": _kind,
    "status": _status,
    "place": _place,
    "tag": _tag,
    "source": lambda scope: _of_events("SELECT source, event FROM citation", several=False),
    "metric": lambda scope: _of_events("SELECT metric, event FROM figure"),
    "link": lambda scope: _terms("link", LINKS, scope),
    "is": lambda scope: _terms("is", STATES, scope),
}
FIELDS = (*TIMES, *AXES)
NAMED = ("era", "actor", "group", "source")
"""The fields whose cells are ids, which have names beside them."""
_PLURALS = {field: plural(field) for field in FIELDS}


def fields(text: str) -> tuple[str, ...]:
    """Return the fields that a text like `year,kinds` names, one or two of FIELDS; none in an empty text.

    Raises:
        UsageError: where one is none to count by, or they are too many or say the same.
    """
    spelled = {plural: field for field, plural in _PLURALS.items()}
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    found = tuple(spelled.get(word, word) for word in words)
    if text and not found:
        raise UsageError(f'cannot count by "{text}"; there are {", ".join(FIELDS)}')
    for word, field in zip(words, found, strict=True):
        if field not in FIELDS:
            raise UsageError(f'cannot count by "{word}"{nearest(word, FIELDS) or "; there are " + ", ".join(FIELDS)}')
    if len(found) > 2:
        raise UsageError(f'cannot count by {len(found)} fields, "{text}"; write one, or two with a comma between')
    if len(found) == 2 and (found[0] == found[1] or set(found) <= set(TIMES)):
        raise UsageError(f'cannot count by "{text}": the one says what the other does; write one of them')
    return found


def names(field: str, scope: Scope, known: Names) -> Callable[[str], str | None]:
    """Return what tells the name behind an id of the field; there is none of a field whose cells are words."""
    if field == "source":
        return lambda id: known.source(id)[0]
    if field == "era":
        eras: Mapping[str, str] = dict(scope.db.execute("SELECT id, name FROM entity WHERE kind = 'era'").fetchall())
        return eras.get
    return known.actor if field in NAMED else lambda key: None
