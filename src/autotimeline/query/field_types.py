"""The types of fields of the query language. A facet is a field whose values divide events into slices.

A slice equals a term: the slice `deal` of the facet `kind` contains what `kind:deal` matches. Filters, `count`,
`chart`, `names`, and completion derive from the same facet.
"""

from __future__ import annotations

from autotimeline.errors import UnknownNameError
from autotimeline.query.predicates import FALSE, Predicate, Sql, compose, exact, values
from autotimeline.query.resolver import vocabulary_hint
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


class Facet(QueryField):
    """A field that divides events into slices; `query.slices` builds their SQL.

    Attributes:
        rows: The statement that yields (event, key), and role if `has_roles`; a row may be repeated.
        has_roles: Whether the keys are actors in roles.
        column: The column of `event e` with the key, if each event has one.
        words: The keys, each of them a term, if they are the same in every store.
        match_key: The predicate of one of the words, which may be the name of a column; faster than terms.
        entity_kind: The kind of entity whose ids are the keys, if they are ids.
    """

    __slots__ = ("column", "entity_kind", "has_roles", "match_key", "rows", "words")

    def __init__(
        self,
        build_predicate: BuildPredicate,
        help: str,
        completion_sql: str = "",
        *,
        rows: str = "",
        has_roles: bool = False,
        column: str = "",
        words: Sequence[str] = (),
        match_key: Callable[[str], Predicate] | None = None,
        entity_kind: str = "",
    ) -> None:
        if entity_kind:
            completion_sql = f"SELECT id FROM entity WHERE kind = '{entity_kind}' ORDER BY id"
        super().__init__(build_predicate, help, completion_sql)
        self.rows, self.column, self.words, self.match_key = rows, column, words, match_key
        self.has_roles, self.entity_kind = has_roles, entity_kind

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

    __slots__ = ("folded", "is_list", "is_required", "name", "table")

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
        super().__init__(self._build_predicate, help, column=column)
        self.name, self.table, self.folded = name, table, folded
        self.is_list, self.is_required = is_list, is_required

    def spellings(self, resolver: NameResolver) -> dict[str, list[str]]:
        """Return the spellings in the store by folded word."""
        result: dict[str, list[str]] = {}
        # Sorted here: with ORDER BY, SQLite reads the rows in that order.
        for text in sorted(resolver.distinct(f"SELECT DISTINCT {self.column} FROM {self.table}")):
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

    def matching_rows(self, value: str, resolver: NameResolver, *, is_required: bool = False) -> Sql:
        """Return the condition of the rows of the table with a word.

        Raises:
            UnknownNameError: If the word is unknown and required.
        """
        spellings, word = self.spellings(resolver), fold(value)
        if word not in spellings:
            known = [spelling for words in spellings.values() for spelling in words]
            if self.is_required or is_required:
                hint = suggest(value, known) or vocabulary_hint(pluralize(self.name))
                raise UnknownNameError(f'no {self.name} "{value}"{hint}')
            resolver.warn(f'no event has the {self.name} "{value}"{suggest(value, known)}')
        if self.folded:
            return Sql(f"{self.folded} = ?", (word,))
        return compose(f"{self.column} IN {{}}", values(spellings[word])) if word in spellings else FALSE

    def _build_predicate(self, value: str, resolver: NameResolver) -> Predicate:
        rows = self.matching_rows(value, resolver)
        if self.table == "event e":
            return exact(f"COALESCE({rows.text}, FALSE)", *rows.params)
        return exact(f"e.number IN (SELECT event FROM {self.table} WHERE {rows.text})", *rows.params)
