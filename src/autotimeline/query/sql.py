"""The tree of a query as SQL: which events may match, and which surely do.

`not` is pushed down to the terms; and, or act on possible and certain each alone (DESIGN §6).
"""

from __future__ import annotations

from autotimeline.dates import period
from autotimeline.errors import DateError, UsageError
from autotimeline.query.condition import Condition, figure
from autotimeline.query.fields import FIELDS
from autotimeline.query.parse import And, Not, Or, Term, parse, values
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.query.condition import Sql
    from autotimeline.query.scope import Scope

    Node = Term | Not | And | Or
    Quad = tuple[int, int, int, int]


class Compiled:
    """A query as SQL conditions on `event e`, with parameters in order: `may`, `must`, and `undated`.

    `undated` holds for the undated events that only a date leaves out. `dated` tells whether any
    term asks for a date; `text` is the query as it was understood.
    """

    __slots__ = ("dated", "may", "must", "text", "undated")

    def __init__(self, node: Node, scope: Scope) -> None:
        tree = _Tree(scope)
        node = tree.terms(node)
        self.may = tree.sql(node, "may")
        self.must = tree.sql(node, "must")
        self.undated = tree.sql(node, "undated")
        self.dated = any(condition.dated for condition in tree.conditions.values())
        self.text = str(node)


_OPPOSITE = {"may": "may_not", "must": "must_not", "undated": "not_undated"}
_OPPOSITE.update({there: here for here, there in _OPPOSITE.items()})


class _Tree:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.conditions: dict[Term, Condition] = {}

    def terms(self, node: Node, within: tuple[str, ...] = ()) -> Node:
        """Return the tree with aliases and commas written out, each term's condition noted."""
        if isinstance(node, Not):
            return Not(self.terms(node.part, within))
        if isinstance(node, And):
            return type(node)([self.terms(part, within) for part in node.parts])
        if node.field == ":":
            return self._alias(node.value.lower(), within)
        field = _field(node, self.scope)
        parts = values(node.value, numbers=field not in FIELDS)
        if not parts:
            raise UsageError(f'"{node.field}:" lacks a value; write {node.field}:VALUE')
        found = [Term(field, part) for part in parts]
        for term in found:
            self.conditions[term] = _condition(term, self.scope)
        return found[0] if len(found) == 1 else Or(found)

    def _alias(self, name: str, within: tuple[str, ...]) -> Node:
        if name in within:
            raise UsageError(f'the alias ":{name}" asks for itself ({" → ".join((*within, name))})')
        query = self.scope.one("SELECT name FROM entity WHERE kind = 'alias' AND id = ?", name)
        if query is None:
            raise UsageError(f'no alias ":{name}"{nearest(name, self.scope.ids("alias"))}')
        return self.terms(parse(query), (*within, name))

    def sql(self, node: Node, face: str) -> Sql:
        if isinstance(node, Not):
            return self.sql(node.part, _OPPOSITE[face])
        if isinstance(node, And):
            # The opposite of all is any of the opposites.
            word = " OR " if isinstance(node, Or) != (face in ("may_not", "must_not", "not_undated")) else " AND "
            parts = [self.sql(part, face) for part in node.parts]
            if not parts:
                return "1", ()
            return word.join(f"({sql})" for sql, _ in parts), tuple(p for _, ps in parts for p in ps)
        condition = self.conditions[node]
        if face.endswith("undated"):
            # What an undated event would be asked if it had a date: nothing, of its date.
            if condition.dated:
                return "1", ()
            face = "may" if face == "undated" else "may_not"
        found: Sql = getattr(condition, face)
        return found


def _field(term: Term, scope: Scope) -> str:
    """Return the field that a term asks by: a bare word that is a date asks for it, any other is text."""
    if term.field:
        return term.field

    def only_events(name: str) -> Quad:
        # A word that is an era's id is searched: people name eras after what they look for.
        if name.startswith("@"):
            return scope.dates(name[1:])
        raise DateError(name)

    try:
        period.window(term.value, scope.today, only_events)
    except DateError:
        return "text"
    return "date"


def _condition(term: Term, scope: Scope) -> Condition:
    if term.field in FIELDS:
        _hint(term, scope)
        return FIELDS[term.field].condition(term.value, scope)
    metrics = [row[0] for row in scope.db.execute("SELECT DISTINCT metric FROM figure")]
    if term.field not in metrics:
        raise UsageError(
            f'no field or metric "{term.field}"{nearest(term.field, [*FIELDS, *metrics])};'
            f' to search for the text write text:"{term.field}:{term.value}"'
        )
    return figure(term.field, term.value)


def _hint(term: Term, scope: Scope) -> None:
    """Say it where a bare word is a metric: the shell may have taken what stood behind it."""
    if term.field == "text" and scope.one("SELECT 1 FROM figure WHERE metric = ?", term.value.lower()):
        scope.warnings.append(
            f'"{term.value}" is searched as a word; for the metric write metric:{term.value} or {term.value}:1bn..'
            " (did the shell take your > or <?)"
        )
