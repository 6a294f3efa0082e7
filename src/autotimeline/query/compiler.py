"""The tree of a query as SQL: which events may match, and which surely do.

`not` is pushed down to the terms; and, or act on possible and certain each alone (DESIGN §6).
"""

from __future__ import annotations

from autotimeline.dates import human
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, UnknownNameError, UsageError
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.query.conditions import Condition, figure_in_range
from autotimeline.query.fields import QUERY_FIELDS
from autotimeline.query.parser import MAX_DEPTH, And, Not, Or, Term, depth_error, parse_query, split_values
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.text import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.dates.span import DayQuad
    from autotimeline.query.conditions import Sql
    from autotimeline.query.parser import Node
    from autotimeline.query.resolver import NameResolver


class CompiledQuery:
    """A query as SQL conditions on `event e`, with parameters in order: `may` and `must`.

    `dated` tells whether any term asks for a date; `text` is the query as it was understood.
    """

    __slots__ = ("_compiler", "_node", "certain", "has_date_term", "possible", "text")

    def __init__(self, node: Node, resolver: NameResolver) -> None:
        self._compiler = _QueryCompiler(resolver)
        self._node = self._compiler.expand(node)
        self.possible = self._compiler.to_sql(self._node, "possible")
        self.certain = self._compiler.to_sql(self._node, "certain")
        self.has_date_term = any(condition.requires_date for condition in self._compiler.conditions.values())
        self.text = str(self._node)
        # One statement asks for both, and for one of them twice where only certain rows are wanted.
        max_parameters = min(_MAX_PARAMETERS, resolver.db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
        if len(self.possible[1]) + 2 * len(self.certain[1]) > max_parameters:
            raise UsageError("the query has too many terms for one question; ask in several")

    def window(self) -> tuple[int, int]:
        """Return the days (first, last) that are asked for: outside of them nothing can match; unbounded where open."""
        return self._compiler.window(self._node)

    def undated(self, variant: str) -> Sql:
        """Return what holds for the undated events that `may` (or `must`) match, and only a date leaves out."""
        (sql, parameters), (undated_sql, undated_parameters) = (
            self._compiler.to_sql(self._node, variant),
            self._compiler.to_sql(self._node, variant, True),
        )
        return f"e.date IS NULL AND ({undated_sql}) AND NOT IFNULL({sql}, 0)", (*undated_parameters, *parameters)


_NEGATION = {"possible": "possibly_not", "certain": "certainly_not"}
_NEGATION.update({there: here for here, there in _NEGATION.items()})
# More parameters than these take SQLite over ten seconds, which grow with their square; a thousand terms stay below.
_MAX_PARAMETERS = 16_000
_MAX_VALUE_LENGTH = 1_000
_MOST_TERMS = 5_000
"""How many terms the aliases of a query may stand for: they multiply, and those that somebody types do not."""
# SQLite reads a AND b AND c as deep as it is long, and its depth has a limit.
_MAX_OPERANDS = 100


class _QueryCompiler:
    def __init__(self, resolver: NameResolver) -> None:
        self.resolver = resolver
        self.conditions: dict[Term, Condition] = {}
        self._terms = 0
        # What an alias stands for at a depth, and in how many terms: one that is named a thousand times is read once.
        self._aliases: dict[tuple[str, int], tuple[Node, int]] = {}

    def expand(self, node: Node, outer_aliases: tuple[str, ...] = (), depth: int = 0) -> Node:
        """Return the tree with aliases and commas written out, each term's condition noted."""
        if max(depth, len(outer_aliases)) > MAX_DEPTH:
            raise depth_error()
        if isinstance(node, Not):
            return Not(self.expand(node.operand, outer_aliases, depth))
        if isinstance(node, And):
            return type(node)([self.expand(part, outer_aliases, depth + 1) for part in node.operands])
        try:
            node.value.encode()
        except UnicodeEncodeError:
            raise UsageError(f'"{node.value}" is not UTF-8') from None
        if node.field == ":":
            return self._expand_alias(node.value.lower(), outer_aliases, depth)
        _reject_compound(node)
        # A comma in 68,000 belongs to the number, in a metric as in a text.
        parts = split_values(node.value, numbers=node.field in ("", "text", "title") or node.field not in QUERY_FIELDS)
        if not parts:
            message = f'"{node.field}:" lacks a value; write {node.field}:VALUE'
            raise UsageError(message if node.field else f'"{node.value}" is no query; write a word or FIELD:VALUE')
        for part in parts:
            if len(part) > _MAX_VALUE_LENGTH:
                raise UsageError(f'"{part[:40]}…" is too long; a value has at most {_MAX_VALUE_LENGTH:,} characters')
        self._count(len(parts) if outer_aliases else 0)
        terms = [Term(node.field or self._field_of_word(part), part) for part in parts]
        for term in terms:
            self.conditions[term] = _build_condition(term, self.resolver)
        return terms[0] if len(terms) == 1 else Or(terms)

    def _expand_alias(self, name: str, outer_aliases: tuple[str, ...], depth: int) -> Node:
        if name in outer_aliases:
            raise UsageError(f'the alias ":{name}" asks for itself ({" → ".join((*outer_aliases, name))})')
        query = self.resolver.scalar("SELECT name FROM entity WHERE kind = 'alias' AND id = ?", name)
        if query is None:
            known = self.resolver.list_ids("alias")
            raise UsageError(f'no alias ":{name}"{suggest(name, known) or vocabulary_hint("aliases")}')
        try:
            self._count(1)
            if (name, depth) not in self._aliases:
                before = self._terms
                found = self.expand(parse_query(query), (*outer_aliases, name), depth)
                self._aliases[name, depth] = found, self._terms - before
                return found
            found, size = self._aliases[name, depth]
            self._count(size)
            return found
        except UsageError as error:
            if outer_aliases:
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

    def _field_of_word(self, word: str) -> str:
        """Return the field that a word alone asks by: a date asks for it, any other is text."""
        try:
            human.parse_window(word, self.resolver.today, self._resolve_event_only)
        except DateError:
            _warn_if_misread(word, self.resolver)
            return "text"
        return "date"

    def _resolve_event_only(self, name: str) -> DayQuad:
        # A word that is an era's id is searched: people name eras after what they look for.
        if name.startswith("@"):
            return self.resolver.event_window(name[1:])
        raise DateError(name)

    def to_sql(self, node: Node, variant: str, ignore_dates: bool = False) -> Sql:
        """Return one face of the tree; where `waived`, every date term and its opposite hold."""
        if isinstance(node, Not):
            return self.to_sql(node.operand, _NEGATION[variant], ignore_dates)
        if isinstance(node, And):
            # The opposite of all is any of the opposites.
            any_of = isinstance(node, Or) != (variant in ("possibly_not", "certainly_not"))
            return _join_clauses([self.to_sql(part, variant, ignore_dates) for part in node.operands], any_of=any_of)
        condition = self.conditions[node]
        if ignore_dates and condition.requires_date:
            return "1", ()
        clause: Sql = getattr(condition, variant)
        return clause

    def window(self, node: Node) -> tuple[int, int]:
        if isinstance(node, Not):
            return BEGIN, END
        if not isinstance(node, And):
            return self.conditions[node].window or (BEGIN, END)
        parts = [self.window(part) for part in node.operands] or [(BEGIN, END)]
        first, last = max(low for low, _ in parts), min(high for _, high in parts)
        if isinstance(node, Or) or first > last:
            # A period may meet windows that have no day in common.
            return min(low for low, _ in parts), max(high for _, high in parts)
        return first, last


def _join_clauses(parts: list[Sql], *, any_of: bool) -> Sql:
    parts = list(dict.fromkeys(parts))
    while len(parts) > _MAX_OPERANDS:
        parts = [
            _join_clauses(parts[at : at + _MAX_OPERANDS], any_of=any_of) for at in range(0, len(parts), _MAX_OPERANDS)
        ]
    if not parts:
        return str(int(not any_of)), ()
    return (" OR " if any_of else " AND ").join(f"({sql})" for sql, _ in parts), tuple(p for _, ps in parts for p in ps)


def _reject_compound(term: Term) -> None:
    """Refuse a word that holds several terms: the shell was told to keep them together.

    Raises:
        UsageError: with the words to write.
    """
    pieces = term.value.split()
    heads = [piece.partition(":")[0].lower() for piece in pieces[bool(term.field) :] if ":" in piece]
    has_several_fields = any(head.lstrip("(") in QUERY_FIELDS for head in heads)
    if len(pieces) > 1 and (has_several_fields or (not term.field and pieces[0].lower() == "not")):
        raise UsageError(f'"{term.value}" is several terms in one word; leave the quotes out')


def _build_condition(term: Term, resolver: NameResolver) -> Condition:
    if term.field in QUERY_FIELDS:
        return QUERY_FIELDS[term.field].build_condition(term.value, resolver)
    metrics = resolver.distinct("SELECT DISTINCT metric FROM figure")
    if term.field not in metrics:
        raise UnknownNameError(
            f'no field or metric "{term.field}"{suggest(term.field, [*QUERY_FIELDS, *metrics])}'
            f' (to search for the text, write text:"{term.field}:{term.value}")'
        )
    return figure_in_range(term.field, term.value)


def _warn_if_misread(word: str, resolver: NameResolver) -> None:
    """Say it where a word that is searched for was probably meant otherwise."""
    if word.lower() in resolver.distinct("SELECT DISTINCT metric FROM figure"):
        # The shell may have taken what stood behind it.
        resolver.warn(
            f'"{word}" is searched as a word; for the metric write metric:{word} or {word}:1bn..'
            " (did the shell take your > or <?)"
        )
    elif word.lower() in human.PERIOD_PREFIXES:
        resolver.warn(
            f'"{word}" is searched as a word; a period is one word too: write {word}-… (as last-year, since:2023)'
        )
    elif word[:1].isdigit() and ("-" in word or "/" in word):
        from autotimeline.dates.diagnose import explain_mistake

        if reason := explain_mistake(word):
            resolver.warn(f"searched as a word, for it is no date: {reason}")
