"""The kinds of fields of the query language. A facet is a field whose values divide events into slices.

A slice equals a term: the slice `deal` of the facet `kind` contains what `kind:deal` matches. Filters, `count`,
`chart`, `names`, and completion derive from the same facet.
"""

from __future__ import annotations

from autotimeline.errors import UnknownNameError
from autotimeline.query.conditions import Predicate, exact
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.query.sql import FALSE, Sql, compose, values
from autotimeline.text import fold, pluralize, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autotimeline.query.resolver import NameResolver

    BuildPredicate = Callable[[str, NameResolver], Predicate]


class QueryField:
    """A field of the query language: the predicate of a value, a line of help, and SQL of values for completion."""

    __slots__ = ("build_predicate", "completion_sql", "help")

    def __init__(self, build_predicate: BuildPredicate, help: str, completion_sql: str = "") -> None:
        self.build_predicate = build_predicate
        self.help = help
        self.completion_sql = completion_sql

    def values(self, resolver: NameResolver) -> list[str]:
        """Return the values in the store; none if the field takes any text."""
        return resolver.distinct(self.completion_sql) if self.completion_sql else []


class Slices:
    """The slices of a facet in one store. In its SQL, `{v}` is the alias of its relation, and `e` the row of the event.

    Attributes:
        relation: The statement that yields the columns of `{v}`; None if the event's row has the key.
        is_per_event: Whether the relation has a row for each key and `event`, perhaps repeated; else one for each key.
        keys: The SQL of the key; two for a pair, such as an actor with a role.
        matches: The condition that an event possibly is in a slice, besides `event`; empty if there is no other.
        certain: The condition that it certainly is; empty if every match is certain.
        in_buckets: Whether month_bucket has the key too.
        order: The keys in display order; empty for the most frequent first.
    """

    __slots__ = ("certain", "in_buckets", "is_per_event", "keys", "matches", "order", "relation")

    def __init__(
        self,
        relation: Sql | None = None,
        *,
        keys: Sequence[Sql] = (Sql("{v}.key"),),
        matches: str = "",
        certain: str = "",
        in_buckets: bool = False,
        order: Sequence[str] = (),
    ) -> None:
        self.relation, self.keys, self.matches, self.certain = relation, keys, matches, certain
        self.is_per_event = relation is not None and not matches
        self.in_buckets, self.order = in_buckets, order

    def aliased_keys(self, alias: str) -> list[Sql]:
        """Return the keys if this is the alias of the relation."""
        return [Sql(key.text.format(v=alias), key.params) for key in self.keys]

    def join_condition(self, alias: str, event: str = "e.number") -> str:
        """Return the condition that an event possibly is in the slice of a row of the relation."""
        return f"{alias}.event = {event}" if self.is_per_event else self.matches.format(v=alias) or "1 = 1"


def rows_per_event(statement: str, *params: object, certain: str = "") -> Slices:
    """Return the slices of a statement that yields (key, event)."""
    return Slices(Sql(statement, params), certain=certain)


def rows_per_key(relation: Sql, predicate: Predicate, order: Sequence[str] = ()) -> Slices:
    """Return the slices of a relation with a row for each key; the parameters of the predicate are columns."""
    possible, certain = predicate.possible.bind_columns(), predicate.certain.bind_columns()
    return Slices(relation, matches=possible, certain=certain, order=order)


def rows_per_term(words: Sequence[str], build_predicate: BuildPredicate, resolver: NameResolver) -> Slices:
    """Return the slices of a field with few values, each of them a term."""
    statements = []
    for word in words:
        predicate = build_predicate(word, resolver)
        columns = f"SELECT '{word}' AS key, e.number AS event, CASE WHEN {{}} THEN 1 ELSE 0 END AS certain"
        statements.append(compose(f"{columns} FROM event e WHERE {{}}", predicate.certain, predicate.possible))
    return Slices(compose(" UNION ALL ".join(["{}"] * len(statements)), *statements), certain="{v}.certain")


class Facet(QueryField):
    """A field that divides events into slices; `entity_kind` is the kind of entity whose ids are the keys, if any."""

    __slots__ = ("build_slices", "entity_kind")

    def __init__(
        self,
        build_predicate: BuildPredicate,
        help: str,
        build_slices: Callable[[NameResolver], Slices],
        completion_sql: str = "",
        entity_kind: str = "",
    ) -> None:
        if entity_kind:
            completion_sql = f"SELECT id FROM entity WHERE kind = '{entity_kind}' ORDER BY id"
        super().__init__(build_predicate, help, completion_sql)
        self.build_slices = build_slices
        self.entity_kind = entity_kind

    def labels(self, resolver: NameResolver) -> dict[str, str]:
        """Return the labels of the keys that are not displayed as they are."""
        return {}


class WordFacet(Facet):
    """A facet of freely chosen words: the spellings of a word are one slice, under the first in alphabetical order.

    Attributes:
        column: The column of the table with the spelling.
        folded: The column with the folded word; empty if there is none.
        is_list: Whether the column contains several words between commas, and the table a row for each.
        is_required: Whether an unknown word is an error.
    """

    __slots__ = ("column", "folded", "is_list", "is_required", "name", "table")

    def __init__(
        self,
        name: str,
        table: str,
        column: str,
        help: str,
        *,
        folded: str = "",
        is_list: bool = False,
        is_required: bool = False,
    ) -> None:
        super().__init__(self._build_predicate, help, self._build_slices)
        self.name, self.table, self.column, self.folded = name, table, column, folded
        self.is_list, self.is_required = is_list, is_required

    def spellings(self, resolver: NameResolver) -> dict[str, list[str]]:
        """Return the spellings in the store by folded word."""
        result: dict[str, list[str]] = {}
        for text in resolver.distinct(f"SELECT DISTINCT {self.column} FROM {self.table} ORDER BY 1"):
            for word in {text, *text.split(",")} if self.is_list else (text,):
                result.setdefault(fold(word), []).append(word.strip())
        return result

    def values(self, resolver: NameResolver) -> list[str]:
        """Return each word in one spelling; parts of lists are folded, as people type them."""
        spellings = self.spellings(resolver)
        return sorted(spellings if self.is_list else map(min, spellings.values()))

    def labels(self, resolver: NameResolver) -> dict[str, str]:
        """Return the first spelling of each folded word."""
        return {word: min(spellings) for word, spellings in self.spellings(resolver).items()} if self.folded else {}

    def matching_rows(self, value: str, resolver: NameResolver) -> Sql:
        """Return the condition of the rows of the table with a word.

        Raises:
            UnknownNameError: If the word is unknown and required.
        """
        spellings, word = self.spellings(resolver), fold(value)
        if word not in spellings:
            known = [spelling for words in spellings.values() for spelling in words]
            if self.is_required:
                hint = suggest(value, known) or vocabulary_hint(pluralize(self.name))
                raise UnknownNameError(f'no {self.name} "{value}"{hint}')
            resolver.warn(f'no event has the {self.name} "{value}"{suggest(value, known)}')
        if self.folded:
            return Sql(f"{self.folded} = ?", (word,))
        return compose(f"{self.column} IN {{}}", values(spellings[word])) if word in spellings else FALSE

    def _build_predicate(self, value: str, resolver: NameResolver) -> Predicate:
        rows = self.matching_rows(value, resolver)
        if self.table == "event e":
            return exact(f"IFNULL({rows.text}, 0)", *rows.params)
        return exact(f"e.number IN (SELECT event FROM {self.table} WHERE {rows.text})", *rows.params)

    def _build_slices(self, resolver: NameResolver) -> Slices:
        if self.folded:
            # A list is in the slice of each of its words, and is not a word itself.
            is_word = f"{self.folded} <> '' AND NOT ({self.column} LIKE '%,%' AND {self.folded} LIKE '%,%')"
            where = f" WHERE {is_word}" if self.is_list else ""
            return rows_per_event(f"SELECT {self.folded} AS key, event FROM {self.table}{where}")
        key = self._first_spelling(resolver)
        if self.table == "event e":
            return Slices(keys=(key,), matches=f"COALESCE({self.column}, '') <> ''", in_buckets=True)
        statement = f"SELECT {{}} AS key, event FROM {self.table} WHERE {self.column} IS NOT NULL"
        return Slices(compose(statement, key))

    def _first_spelling(self, resolver: NameResolver) -> Sql:
        labels = [(word, min(words)) for words in self.spellings(resolver).values() for word in words]
        variants = [pair for pair in labels if pair[0] != pair[1]]
        if not variants:
            return Sql(self.column)
        whens = " WHEN ? THEN ?" * len(variants)
        return Sql(f"CASE {self.column}{whens} ELSE {self.column} END", [text for pair in variants for text in pair])
