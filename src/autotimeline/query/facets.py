"""The fields to count by. Each facet is SQL that yields the cells of an event, possible and certain.

A cell equals a term of the query language: that of `kind:deal` counts what `kind:deal` matches. A new field is one
entry in FACETS; `reports.counts` counts by months, quarters, and years.
"""

from __future__ import annotations

from autotimeline.dates import edtf
from autotimeline.dates.span import order_key
from autotimeline.errors import UsageError
from autotimeline.query.conditions import bind_columns, date_in, status_is
from autotimeline.query.fields import QUERY_FIELDS, STATES, constant_sql
from autotimeline.schema import LINK_TYPES, STATUSES
from autotimeline.text import fold, pluralize, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.query.columns import DisplayNames
    from autotimeline.query.conditions import Sql
    from autotimeline.query.resolver import NameResolver

TIME_FIELDS = {"year": 12, "quarter": 3, "month": 1}
"""The number of months in a cell."""


class Facet:
    """The cells of a field. In its SQL, `{v}` is the alias of its relation, and `e` the row of the event.

    Attributes:
        relation: The names of its columns, and the query that yields them; None if the event's row has the key.
        key: The SQL to group by.
        matches: The condition that an event possibly is in a cell, besides `event` if that is a column of the relation.
        certain: The condition that it certainly is; empty if every match is certain.
        label: The SQL of the key as displayed; empty if it is the key.
        may_repeat: Whether an event can have several rows in one cell.
        in_buckets: Whether month_bucket has the key too.
        order: The keys in display order; empty for the most frequent first.
    """

    __slots__ = ("certain", "in_buckets", "key", "label", "matches", "may_repeat", "order", "relation")

    def __init__(
        self,
        relation: tuple[str, Sql] | None = None,
        *,
        key: str = "{v}.key",
        matches: str = "",
        certain: str = "",
        label: str = "",
        may_repeat: bool = False,
        in_buckets: bool = False,
        order: Sequence[str] = (),
    ) -> None:
        self.relation, self.key, self.matches, self.certain = relation, key, matches, certain
        self.label, self.may_repeat, self.in_buckets, self.order = label, may_repeat, in_buckets, order

    @property
    def is_per_event(self) -> bool:
        """Whether the relation has a column `event`."""
        return self.relation is not None and ", event" in self.relation[0]


def _event_facet(statement: str, *parameters: object, may_repeat: bool = True) -> Facet:
    """Return the facet of a query that yields rows (key, event)."""
    return Facet(("key, event", (statement, parameters)), may_repeat=may_repeat)


def _kind_facet(resolver: NameResolver) -> Facet:
    return Facet(key="e.kind_folded", matches="e.kind_folded IS NOT NULL", label="e.kind", in_buckets=True)


def _status_facet(resolver: NameResolver) -> Facet:
    condition = status_is("{v}.key")
    return Facet(
        ("key", (constant_sql(STATUSES), ())),
        matches=bind_columns(condition.possible),
        certain=bind_columns(condition.certain),
    )


def _role_facet(resolver: NameResolver) -> Facet:
    # Roles that differ in case are one cell, under the first spelling.
    spellings: dict[str, str] = {}
    cases: list[str] = []
    for (role,) in resolver.db.execute("SELECT DISTINCT role FROM participant WHERE role IS NOT NULL ORDER BY role"):
        first_spelling = spellings.setdefault(fold(role), role)
        cases += [role, first_spelling] if first_spelling != role else []
    key = f"CASE role {'WHEN ? THEN ? ' * (len(cases) // 2)}ELSE role END" if cases else "role"
    return _event_facet(f"SELECT {key}, event FROM participant WHERE role IS NOT NULL", *cases)


def _group_facet(resolver: NameResolver) -> Facet:
    # Actors that are a parent or have none; the others count in their parents.
    return _event_facet(
        "WITH RECURSIVE member(parent, actor) AS (SELECT id, id FROM entity WHERE kind = 'actor'"
        " AND (id IN (SELECT parent FROM actor_parent) OR id NOT IN (SELECT actor FROM actor_parent))"
        " UNION SELECT m.parent, p.actor FROM actor_parent p JOIN member m ON p.parent = m.actor)"
        " SELECT m.parent, y.event FROM member m JOIN participant y ON y.actor = m.actor"
    )


def _place_facet(resolver: NameResolver) -> Facet:
    # The parts between commas, without the complete text.
    parts = "folded <> '' AND NOT (name LIKE '%,%' AND folded LIKE '%,%')"
    relation = ("key, event, label", (f"SELECT folded, event, name FROM place WHERE {parts}", ()))
    return Facet(relation, label="{v}.label", may_repeat=True)


def _tag_facet(resolver: NameResolver) -> Facet:
    relation = ("key, event, label", ("SELECT folded, event, name FROM tag", ()))
    return Facet(relation, label="{v}.label", may_repeat=True)


def _era_facet(resolver: NameResolver) -> Facet:
    windows = {
        id: edtf.parse_date(date).as_window(True)
        for id, date in resolver.db.execute("SELECT id, date FROM entity WHERE kind = 'era'")
    }
    order = sorted(windows, key=lambda id: (order_key(*windows[id][:2]), id))
    bounds = ("outer_first", "outer_last", "inner_first", "inner_last")
    rows = ", ".join(["(?, ?, ?, ?, ?)"] * len(windows))
    statement = f"VALUES {rows}" if windows else "SELECT NULL, 0, 0, 0, 0 WHERE 1 = 0"
    relation = (f"key, {', '.join(bounds)}", (statement, tuple(cell for id in order for cell in (id, *windows[id]))))
    condition = date_in(("{v}.outer_first", "{v}.outer_last", "{v}.inner_first", "{v}.inner_last"))
    return Facet(
        relation, matches=bind_columns(condition.possible), certain=bind_columns(condition.certain), order=order
    )


def _facet_of_terms(field: str, values: Sequence[str], resolver: NameResolver) -> Facet:
    """Return the facet of a field with few values: each is a term of the query language."""
    statements: list[str] = []
    parameters: list[object] = []
    for value in values:
        condition = QUERY_FIELDS[field].build_condition(value, resolver)
        (possible, possible_parameters), (certain, certain_parameters) = condition.possible, condition.certain
        statements.append(f"SELECT ?, e.number, CASE WHEN {certain} THEN 1 ELSE 0 END FROM event e WHERE {possible}")
        parameters += [value, *certain_parameters, *possible_parameters]
    return Facet(("key, event, certain", (" UNION ALL ".join(statements), tuple(parameters))), certain="{v}.certain")


FACETS: dict[str, Callable[[NameResolver], Facet]] = {
    "era": _era_facet,
    "actor": lambda resolver: _event_facet("SELECT actor, event FROM participant"),
    "group": _group_facet,
    "role": _role_facet,
    "kind": _kind_facet,
    "status": _status_facet,
    "place": _place_facet,
    "tag": _tag_facet,
    "source": lambda resolver: _event_facet("SELECT source, event FROM citation", may_repeat=False),
    "metric": lambda resolver: _event_facet("SELECT metric, event FROM figure"),
    "link": lambda resolver: _facet_of_terms("link", LINK_TYPES, resolver),
    "is": lambda resolver: _facet_of_terms("is", STATES, resolver),
}
COUNT_FIELDS = (*TIME_FIELDS, *FACETS)
ENTITY_FIELDS = ("era", "actor", "group", "source")
"""The fields whose cells are ids, displayed with their names."""
_PLURALS = {field: pluralize(field) for field in COUNT_FIELDS}


def parse_fields(text: str) -> tuple[str, ...]:
    """Parse a text such as `year,kinds` into at most two of COUNT_FIELDS; an empty text has none.

    Raises:
        UsageError: If a field is unknown, or there are more than two, or both mean the same.
    """
    singulars = {plural: field for field, plural in _PLURALS.items()}
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    names = tuple(singulars.get(word, word) for word in words)
    if text and not names:
        raise UsageError(f'cannot count by "{text}"; there are {", ".join(COUNT_FIELDS)}')
    for word, field in zip(words, names, strict=True):
        if field not in COUNT_FIELDS:
            hint = suggest(word, COUNT_FIELDS) or "; there are " + ", ".join(COUNT_FIELDS)
            raise UsageError(f'cannot count by "{word}"{hint}')
    if len(names) > 2:
        raise UsageError(f'cannot count by {len(names)} fields, "{text}"; write one, or two with a comma between')
    if len(names) == 2 and (names[0] == names[1] or set(names) <= set(TIME_FIELDS)):
        raise UsageError(f'cannot count by "{text}": the one says what the other does; write one of them')
    return names


def name_lookup(field: str, resolver: NameResolver, display_names: DisplayNames) -> Callable[[str], str | None]:
    """Return the function from a key of the field to its name, or to None if its keys are not ids."""
    if field == "source":
        return lambda id: display_names.source(id)[0]
    if field == "era":
        eras: Mapping[str, str] = dict(resolver.db.execute("SELECT id, name FROM entity WHERE kind = 'era'").fetchall())
        return eras.get
    return display_names.actor if field in ENTITY_FIELDS else lambda key: None
