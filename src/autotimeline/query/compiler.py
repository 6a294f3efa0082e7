"""The tree of a query as SQL: which events may match, and which surely do.

`not` is pushed down to the terms; and, or act on possible and certain each alone (DESIGN §6).
"""

from __future__ import annotations

from autotimeline.dates import human
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, UnknownError, UsageError
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.query.conditions import Condition, figure
from autotimeline.query.fields import FIELDS
from autotimeline.query.parser import DEEPEST, And, Not, Or, Term, parse, too_deep, values
from autotimeline.query.resolver import lists
from autotimeline.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.dates.span import Quad
    from autotimeline.query.conditions import Sql
    from autotimeline.query.parser import Node
    from autotimeline.query.resolver import Scope


class Compiled:
    """A query as SQL conditions on `event e`, with parameters in order: `may` and `must`.

    `dated` tells whether any term asks for a date; `text` is the query as it was understood.
    """

    __slots__ = ("_node", "_tree", "dated", "may", "must", "text")

    def __init__(self, node: Node, scope: Scope) -> None:
        self._tree = _Tree(scope)
        self._node = self._tree.terms(node)
        self.may = self._tree.sql(self._node, "may")
        self.must = self._tree.sql(self._node, "must")
        self.dated = any(condition.dated for condition in self._tree.conditions.values())
        self.text = str(self._node)
        # One statement asks for both, and for one of them twice where only certain rows are wanted.
        most = min(_MOST, scope.db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
        if len(self.may[1]) + 2 * len(self.must[1]) > most:
            raise UsageError("the query has too many terms for one question; ask in several")

    def window(self) -> tuple[int, int]:
        """Return the days (first, last) that are asked for: outside of them nothing can match; unbounded where open."""
        return self._tree.window(self._node)

    def undated(self, face: str) -> Sql:
        """Return what holds for the undated events that `may` (or `must`) match, and only a date leaves out."""
        (may, parameters), (waived, more) = self._tree.sql(self._node, face), self._tree.sql(self._node, face, True)
        return f"e.date IS NULL AND ({waived}) AND NOT IFNULL({may}, 0)", (*more, *parameters)


_OPPOSITE = {"may": "may_not", "must": "must_not"}
_OPPOSITE.update({there: here for here, there in _OPPOSITE.items()})
# More parameters than these take SQLite over ten seconds, which grow with their square; a thousand terms stay below.
_MOST = 16_000
_LONGEST = 1_000
_MOST_TERMS = 5_000
"""How many terms the aliases of a query may stand for: they multiply, and those that somebody types do not."""
# SQLite reads a AND b AND c as deep as it is long, and its depth has a limit.
_BUNCH = 100


class _Tree:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.conditions: dict[Term, Condition] = {}
        self._terms = 0
        # What an alias stands for at a depth, and in how many terms: one that is named a thousand times is read once.
        self._aliases: dict[tuple[str, int], tuple[Node, int]] = {}

    def terms(self, node: Node, within: tuple[str, ...] = (), depth: int = 0) -> Node:
        """Return the tree with aliases and commas written out, each term's condition noted."""
        if max(depth, len(within)) > DEEPEST:
            raise too_deep()
        if isinstance(node, Not):
            return Not(self.terms(node.part, within, depth))
        if isinstance(node, And):
            return type(node)([self.terms(part, within, depth + 1) for part in node.parts])
        try:
            node.value.encode()
        except UnicodeEncodeError:
            raise UsageError(f'"{node.value}" is not UTF-8') from None
        if node.field == ":":
            return self._alias(node.value.lower(), within, depth)
        _alone(node)
        # A comma in 68,000 belongs to the number, in a metric as in a text.
        parts = values(node.value, numbers=node.field in ("", "text", "title") or node.field not in FIELDS)
        if not parts:
            lacking = f'"{node.field}:" lacks a value; write {node.field}:VALUE'
            raise UsageError(lacking if node.field else f'"{node.value}" is no query; write a word or FIELD:VALUE')
        for part in parts:
            if len(part) > _LONGEST:
                raise UsageError(f'"{part[:40]}…" is too long; a value has at most {_LONGEST:,} characters')
        self._count(len(parts) if within else 0)
        found = [Term(node.field or self._bare(part), part) for part in parts]
        for term in found:
            self.conditions[term] = _condition(term, self.scope)
        return found[0] if len(found) == 1 else Or(found)

    def _alias(self, name: str, within: tuple[str, ...], depth: int) -> Node:
        if name in within:
            raise UsageError(f'the alias ":{name}" asks for itself ({" → ".join((*within, name))})')
        query = self.scope.one("SELECT name FROM entity WHERE kind = 'alias' AND id = ?", name)
        if query is None:
            known = self.scope.ids("alias")
            raise UsageError(f'no alias ":{name}"{nearest(name, known) or lists("aliases")}')
        try:
            self._count(1)
            if (name, depth) not in self._aliases:
                before = self._terms
                found = self.terms(parse(query), (*within, name), depth)
                self._aliases[name, depth] = found, self._terms - before
                return found
            found, size = self._aliases[name, depth]
            self._count(size)
            return found
        except UsageError as error:
            if within:
                raise
            raise type(error)(f"in the alias :{name}, {query}: {error}") from None

    def _count(self, terms: int) -> None:
        """Note terms that aliases stand for, before anything is made of them.

        Raises:
            UsageError: if they are too many.
        """
        self._terms += terms
        if self._terms > _MOST_TERMS:
            raise UsageError(f"aliases that stand for more than {_MOST_TERMS:,} terms; split the query")

    def _bare(self, word: str) -> str:
        """Return the field that a word alone asks by: a date asks for it, any other is text."""
        try:
            human.window(word, self.scope.today, self._only_events)
        except DateError:
            _hint(word, self.scope)
            return "text"
        return "date"

    def _only_events(self, name: str) -> Quad:
        # A word that is an era's id is searched: people name eras after what they look for.
        if name.startswith("@"):
            return self.scope.dates(name[1:])
        raise DateError(name)

    def sql(self, node: Node, face: str, waived: bool = False) -> Sql:
        """Return one face of the tree; where `waived`, every date term and its opposite hold."""
        if isinstance(node, Not):
            return self.sql(node.part, _OPPOSITE[face], waived)
        if isinstance(node, And):
            # The opposite of all is any of the opposites.
            some = isinstance(node, Or) != (face in ("may_not", "must_not"))
            return _joined([self.sql(part, face, waived) for part in node.parts], some=some)
        condition = self.conditions[node]
        if waived and condition.dated:
            return "1", ()
        found: Sql = getattr(condition, face)
        return found

    def window(self, node: Node) -> tuple[int, int]:
        if isinstance(node, Not):
            return BEGIN, END
        if not isinstance(node, And):
            return self.conditions[node].window or (BEGIN, END)
        parts = [self.window(part) for part in node.parts] or [(BEGIN, END)]
        first, last = max(low for low, _ in parts), min(high for _, high in parts)
        if isinstance(node, Or) or first > last:
            # A period may meet windows that have no day in common.
            return min(low for low, _ in parts), max(high for _, high in parts)
        return first, last


def _joined(parts: list[Sql], *, some: bool) -> Sql:
    parts = list(dict.fromkeys(parts))
    while len(parts) > _BUNCH:
        parts = [_joined(parts[at : at + _BUNCH], some=some) for at in range(0, len(parts), _BUNCH)]
    if not parts:
        return str(int(not some)), ()
    return (" OR " if some else " AND ").join(f"({sql})" for sql, _ in parts), tuple(p for _, ps in parts for p in ps)


def _alone(term: Term) -> None:
    """Refuse a word that holds several terms: the shell was told to keep them together.

    Raises:
        UsageError: with the words to write.
    """
    pieces = term.value.split()
    heads = [piece.partition(":")[0].lower() for piece in pieces[bool(term.field) :] if ":" in piece]
    together = any(head.lstrip("(") in FIELDS for head in heads)
    if len(pieces) > 1 and (together or (not term.field and pieces[0].lower() == "not")):
        raise UsageError(f'"{term.value}" is several terms in one word; leave the quotes out')


def _condition(term: Term, scope: Scope) -> Condition:
    if term.field in FIELDS:
        return FIELDS[term.field].condition(term.value, scope)
    metrics = scope.column("SELECT DISTINCT metric FROM figure")
    if term.field not in metrics:
        raise UnknownError(
            f'no field or metric "{term.field}"{nearest(term.field, [*FIELDS, *metrics])}'
            f' (to search for the text, write text:"{term.field}:{term.value}")'
        )
    return figure(term.field, term.value)


def _hint(word: str, scope: Scope) -> None:
    """Say it where a word that is searched for was probably meant otherwise."""
    if word.lower() in scope.column("SELECT DISTINCT metric FROM figure"):
        # The shell may have taken what stood behind it.
        scope.warn(
            f'"{word}" is searched as a word; for the metric write metric:{word} or {word}:1bn..'
            " (did the shell take your > or <?)"
        )
    elif word.lower() in human.BEGINNINGS:
        scope.warn(
            f'"{word}" is searched as a word; a period is one word too: write {word}-… (as last-year, since:2023)'
        )
    elif word[:1].isdigit() and ("-" in word or "/" in word):
        from autotimeline.dates.diagnose import named

        if why := named(word):
            scope.warn(f"searched as a word, for it is no date: {why}")
