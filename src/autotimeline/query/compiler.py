"""Compilation of a query's tree to a predicate: the events that possibly match, and those that certainly match.

`not` swaps the variants of a predicate; `and` and `or` combine each variant separately.
"""

from __future__ import annotations

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import DateError, UnknownNameError, UsageError
from autotimeline.query.fields import METRIC, QUERY_FIELDS
from autotimeline.query.parser import DATE_FIELDS, MAX_DEPTH, And, Not, Or, Term, depth_error, parse_query, split_values
from autotimeline.query.predicates import ANY, Predicate, all_of, any_of, compose
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.text import fold, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.dates.span import DayQuad
    from autotimeline.query.parser import Node
    from autotimeline.query.predicates import Sql
    from autotimeline.query.resolver import NameResolver


class CompiledQuery:
    """A query as SQL conditions on `event e`.

    Attributes:
        possible: The condition of the events that possibly match, those that certainly match among them.
        certain: The condition of the events that certainly match.
        window: The first and last day that can match; BEGIN and END if unbounded.
        has_date_term: Whether any term requires a date.
        node: The query with its aliases and commas expanded.
        text: The same as text.
    """

    __slots__ = ("_compiler", "certain", "has_date_term", "node", "possible", "text", "window")

    def __init__(self, node: Node, resolver: NameResolver) -> None:
        self._compiler = _QueryCompiler(resolver)
        self.node = self._compiler.expand(node)
        predicate = self._compiler.combine(self.node)
        self.possible, self.certain = predicate.possible, predicate.certain
        self.window = predicate.window or (BEGIN, END)
        self.has_date_term = any(term.window for term in self._compiler.predicates.values())
        self.text = str(self.node)
        # A statement contains both, and the certain condition twice if only certain rows are selected.
        max_parameters = min(_MAX_PARAMETERS, resolver.db.max_parameters)
        if len(self.possible.params) + 2 * len(self.certain.params) > max_parameters:
            raise UsageError("the query has too many terms for one question; ask in several")

    def undated(self, *, certain: bool) -> Sql:
        """Return the condition of the undated events that match if date terms are ignored, possibly or certainly."""
        predicate = self._compiler.combine(self.node, ignore_dates=True)
        with_dates, without_dates = (
            (self.certain, predicate.certain) if certain else (self.possible, predicate.possible)
        )
        return compose("e.date IS NULL AND ({}) AND NOT COALESCE({}, FALSE)", without_dates, with_dates)


# SQLite's time grows with the square: more parameters take over ten seconds. A thousand terms need fewer.
_MAX_PARAMETERS = 16_000
_MAX_VALUE_LENGTH = 1_000
# Aliases multiply the number of terms.
_MAX_ALIAS_TERMS = 5_000


class _QueryCompiler:
    def __init__(self, resolver: NameResolver) -> None:
        self.resolver = resolver
        self.predicates: dict[Term, Predicate] = {}
        self._terms = 0
        # The expansion of an alias at a depth and its number of terms: a repeated alias is expanded once.
        self._aliases: dict[tuple[str, int], tuple[Node, int]] = {}

    def expand(self, node: Node, outer_aliases: tuple[str, ...] = (), depth: int = 0) -> Node:
        """Return the tree with aliases and commas expanded, and build the predicate of each term."""
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
        _reject_misread(node)
        # A comma in 68,000 belongs to the number.
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
            self.predicates[term] = _build_predicate(term, self.resolver)
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
                terms_before = self._terms
                expanded = self.expand(parse_query(query), (*outer_aliases, name), depth)
                self._aliases[name, depth] = expanded, self._terms - terms_before
                return expanded
            expanded, size = self._aliases[name, depth]
            self._count(size)
            return expanded
        except UsageError as error:
            if outer_aliases:
                raise
            raise type(error)(f"in the alias :{name}, {query}: {error}") from None

    def _count(self, terms: int) -> None:
        """Count terms of aliases before they are built.

        Raises:
            UsageError: If there are too many.
        """
        self._terms += terms
        if self._terms > _MAX_ALIAS_TERMS:
            raise UsageError(f"aliases that stand for more than {_MAX_ALIAS_TERMS:,} terms; split the query")

    def _field_of_word(self, word: str) -> str:
        """Return the field of a word without one: `date` if it is a date, else `text`."""
        from autotimeline.dates.human import parse_window  # not needed without a query

        try:
            parse_window(word, self.resolver.today, self._resolve_event_only)
        except DateError:
            _warn_if_misread(word, self.resolver)
            return "text"
        return "date"

    def _resolve_event_only(self, name: str) -> DayQuad:
        # The id of an era is searched as text: people name eras after what they look for.
        if name.startswith("@"):
            return self.resolver.event_window(name[1:])
        raise DateError(name)

    def combine(self, node: Node, *, ignore_dates: bool = False) -> Predicate:
        """Return the predicate of a tree; with `ignore_dates`, every date term and its negation hold."""
        if isinstance(node, Not):
            return self.combine(node.operand, ignore_dates=ignore_dates).negate()
        if isinstance(node, And):
            operands = [self.combine(part, ignore_dates=ignore_dates) for part in node.operands]
            return any_of(operands) if isinstance(node, Or) else all_of(operands)
        predicate = self.predicates[node]
        return ANY if ignore_dates and predicate.window else predicate


def _reject_misread(term: Term) -> None:
    """Refuse a shell word that contains several terms, and a comparison of a field without an order.

    Raises:
        UsageError: If it is one of them.
    """
    if term.sign and term.field in QUERY_FIELDS and term.field not in DATE_FIELDS:
        word = f"{term.field}{term.sign}{term.value.strip('<>.')}"
        raise UsageError(f'"{word}": {term.sign} compares dates and metrics only; write {term.field}:VALUE')
    pieces = term.value.split()
    heads = [piece.partition(":")[0].lower() for piece in pieces[bool(term.field) :] if ":" in piece]
    has_several_fields = any(head.lstrip("(") in QUERY_FIELDS for head in heads)
    if len(pieces) > 1 and (has_several_fields or (not term.field and pieces[0].lower() == "not")):
        raise UsageError(f'"{term.value}" is several terms in one word; leave the quotes out')


def _build_predicate(term: Term, resolver: NameResolver) -> Predicate:
    if term.field in QUERY_FIELDS:
        return QUERY_FIELDS[term.field].build_predicate(term.value, resolver)
    spellings = METRIC.spellings(resolver)
    if fold(term.field) not in spellings:
        from autotimeline.query.synonyms import FIELD_SYNONYMS  # not on the fast path

        known = [*QUERY_FIELDS, *(metric for metrics in spellings.values() for metric in metrics)]
        synonym = FIELD_SYNONYMS.get(term.field, "").format(term.value.replace(",", ".."))
        hint = f'; did you mean "{synonym}"?' if synonym else suggest(term.field, known)
        raise UnknownNameError(
            f'no field or metric "{term.field}"{hint} (to search for the text, write text:"{term.field}:{term.value}")'
        )
    from autotimeline.query.figure_ranges import figure_in_range  # not on the fast path

    return figure_in_range(term.field, spellings[fold(term.field)], term.value)


def _warn_if_misread(word: str, resolver: NameResolver) -> None:
    """Warn if a word that is searched as text probably means something else."""
    from autotimeline.dates.human import PERIOD_PREFIXES

    if fold(word) in METRIC.spellings(resolver):
        # The shell may have read `> 1bn` as a redirection.
        resolver.warn(
            f'"{word}" is searched as a word; for the metric write metric:{word} or {word}:1bn..'
            " (did the shell take your > or <?)"
        )
    elif word.lower() in PERIOD_PREFIXES:
        resolver.warn(
            f'"{word}" is searched as a word; a period is one word too: write {word}-… (as last-year, since:2023)'
        )
    elif word[:1].isdigit() and ("-" in word or "/" in word):
        from autotimeline.dates.diagnose import explain_mistake

        if reason := explain_mistake(word, typed=True):
            resolver.warn(f"searched as a word, for it is no date: {reason}")
