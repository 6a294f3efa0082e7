"""The slices of a facet in SQL, for counts, charts, and names."""

from __future__ import annotations

from autotimeline.dates import edtf
from autotimeline.query.facets import FACETS
from autotimeline.query.field_types import WordFacet
from autotimeline.query.fields import ROLE, constant_sql
from autotimeline.query.predicates import TRUE, Sql, compose, date_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.query.field_types import Facet
    from autotimeline.query.predicates import Predicate
    from autotimeline.query.resolver import NameResolver


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


def build_slices(field: str, resolver: NameResolver) -> Slices:
    """Return the slices of a field to chart by; those of `actor@buyer` contain the actors that are a buyer.

    Raises:
        UnknownNameError: If no actor in the store has the role.
    """
    facet = FACETS[field.partition("@")[0]]
    if isinstance(facet, WordFacet):
        return _word_slices(facet, resolver)
    if facet.match_key:
        words = f"WITH word (key) AS ({constant_sql(facet.words)}) SELECT key FROM word"
        return _key_slices(Sql(words), facet.match_key("{v}.key"))
    if facet.words:
        return _term_slices(facet, resolver)
    if facet.column:
        return Slices(keys=(Sql(facet.column),))
    if facet.has_roles:
        return Slices(_participants(field, resolver, Sql("event, key")))
    return Slices(Sql(facet.rows)) if facet.rows else _era_slices(resolver)


def build_role_slices(fields: Sequence[str], resolver: NameResolver) -> Slices:
    """Return the slices of a field of actors and of `role`: each actor with each of its own roles."""
    (field,) = (field for field in fields if field != "role")
    role = compose("event, key, {} AS role_key", _spelling_key(ROLE, resolver))
    relation = compose("SELECT * FROM ({}) WHERE role_key IS NOT NULL", _participants(field, resolver, role))
    return Slices(relation, keys=[Sql("{v}.role_key" if name == "role" else "{v}.key") for name in fields])


def _participants(field: str, resolver: NameResolver, columns: Sql) -> Sql:
    """Return the statement that yields these columns of the participants in `actor` or `actor@buyer`."""
    name, at, role = field.partition("@")
    has_role = ROLE.matching_rows(role, resolver, is_required=True) if at else TRUE
    return compose(f"SELECT {{}} FROM ({FACETS[name].rows}) WHERE {{}}", columns, has_role)


def _word_slices(facet: WordFacet, resolver: NameResolver) -> Slices:
    if facet.folded:
        # A list is in the slice of each of its words, and is not a word itself.
        is_word = f"{facet.folded} <> '' AND NOT ({facet.column} LIKE '%,%' AND {facet.folded} LIKE '%,%')"
        where = f" WHERE {is_word}" if facet.is_list else ""
        return Slices(Sql(f"SELECT event, {facet.folded} AS key FROM {facet.table}{where}"))
    key = _spelling_key(facet, resolver)
    if facet.table == "event e":
        return Slices(keys=(key,), matches=f"COALESCE({facet.column}, '') <> ''", in_buckets=True)
    return Slices(compose(f"SELECT event, {{}} AS key FROM {facet.table} WHERE {facet.column} IS NOT NULL", key))


def _spelling_key(facet: WordFacet, resolver: NameResolver) -> Sql:
    """Return SQL of the first spelling of the word in the column of a facet."""
    labels = [(word, min(words)) for words in facet.spellings(resolver).values() for word in words]
    variants = [pair for pair in labels if pair[0] != pair[1]]
    if not variants:
        return Sql(facet.column)
    whens = " WHEN ? THEN ?" * len(variants)
    return Sql(f"CASE {facet.column}{whens} ELSE {facet.column} END", [text for pair in variants for text in pair])


def _term_slices(facet: Facet, resolver: NameResolver) -> Slices:
    statements = []
    for word in facet.words:
        predicate = facet.build_predicate(word, resolver)
        columns = f"SELECT e.number AS event, '{word}' AS key, COALESCE({{}}, FALSE) AS certain"
        statements.append(compose(f"{columns} FROM event e WHERE {{}}", predicate.certain, predicate.possible))
    return Slices(compose(" UNION ALL ".join(["{}"] * len(statements)), *statements), certain="{v}.certain")


def _key_slices(relation: Sql, predicate: Predicate, order: Sequence[str] = ()) -> Slices:
    """Return the slices of a relation with a row for each key; the parameters of the predicate are its columns."""
    possible, certain = predicate.possible.bind_columns(), predicate.certain.bind_columns()
    return Slices(relation, matches=possible, certain=certain, order=order)


def _era_slices(resolver: NameResolver) -> Slices:
    eras = resolver.db.execute("SELECT id, date FROM entity WHERE kind = 'era'")
    periods = {id: edtf.parse_date(date) for id, date in eras}
    windows = {id: period.as_window(True) for id, period in periods.items()}
    order = sorted(windows, key=lambda id: (periods[id].sort_key, id))
    rows = ", ".join(["(?, ?, ?, ?, ?)"] * len(windows)) or "(NULL, 0, 0, 0, 0)"
    columns = "key, outer_first, outer_last, inner_first, inner_last"
    relation = Sql(
        f"WITH era ({columns}) AS (VALUES {rows}) SELECT * FROM era WHERE key IS NOT NULL",
        [cell for id in order for cell in (id, *windows[id])],
    )
    is_inside = date_in(("{v}.outer_first", "{v}.outer_last", "{v}.inner_first", "{v}.inner_last"))
    return _key_slices(relation, is_inside, order)
