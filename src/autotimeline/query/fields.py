"""The fields of the query language and their predicates. A new field is one entry in QUERY_FIELDS.

The row of the event is `e`; values are parameters.
"""

from __future__ import annotations

from functools import partial

from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UsageError
from autotimeline.query.field_types import Facet, QueryField, WordFacet
from autotimeline.query.predicates import Predicate, Sql, all_of, and_, date_in, exact, status_is, with_bounds
from autotimeline.schema import LINK_INVERSES, LINK_TYPES, STATUSES
from autotimeline.text import search_words, suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autotimeline.query.resolver import NameResolver


def _date_predicate(value: str, resolver: NameResolver) -> Predicate:
    return date_in(resolver.period_window(value, f"date:{value}"))


def _since_predicate(value: str, resolver: NameResolver) -> Predicate:
    period = resolver.parse_period(value)
    bounds = (period.outer_first, END, period.inner_first, END)
    return date_in(resolver.record_meaning(f"since:{value}", bounds, is_relative=period.relative))


def _until_predicate(value: str, resolver: NameResolver) -> Predicate:
    period = resolver.parse_period(value)
    bounds = (BEGIN, period.outer_last, BEGIN, period.inner_last)
    return date_in(resolver.record_meaning(f"until:{value}", bounds, is_relative=period.relative))


def _era_predicate(value: str, resolver: NameResolver) -> Predicate:
    # Not parsed as a period: an era may be named 2024 or today.
    return date_in(resolver.record_meaning(f"era:{value}", resolver.era_window(value), is_relative=True))


def _known_predicate(value: str, resolver: NameResolver) -> Predicate:
    outer_first, outer_last, inner_first, inner_last = resolver.period_window(value, f"known:{value}")
    # Null if unknown, so that neither the term nor its negation matches.
    return with_bounds(
        Sql("e.known_first <= ? AND e.known_last >= ?", (outer_last, outer_first)),
        Sql("e.known_last <= ? AND e.known_first >= ?", (inner_last, inner_first)),
        "e.known_qualified",
    )


def _near_field(name: str, help: str) -> QueryField:
    def build_predicate(value: str, resolver: NameResolver) -> Predicate:
        from autotimeline.dates.human import widen_window

        anchor, slash, distance = value.rpartition("/")
        if not slash:
            raise UsageError(f'"{name}:{value}": missing distance; write {name}:@EVENT/90d or {name}:DATE/90d')
        bounds = widen_window(resolver.parse_period(anchor).bounds, distance).bounds
        return date_in(resolver.record_meaning(f"{name}:{value}", bounds, is_relative=True))

    return QueryField(build_predicate, help, _EVENT_SQL("'@' || id || '/'"))


def _id_predicate(value: str, resolver: NameResolver) -> Predicate:
    return exact("e.id = ?", resolver.resolve_event(value.removeprefix("@")))


def _search_phrase(value: str) -> str:
    phrase = search_words(value)
    if not phrase:
        raise UsageError(f'nothing to search for in "{value}"; write a word or its beginning')
    return phrase


def _text_predicate(value: str, resolver: NameResolver) -> Predicate:
    phrase = _search_phrase(value)
    from autotimeline.query.synonyms import STATE_SYNONYMS  # not on the fast path

    if state := value if value in STATES else STATE_SYNONYMS.get(value):
        resolver.warn(f'"{value}" is searched as a word; for the state write is:{state}')
    elif value in ("sum", "total", "totals"):
        resolver.warn(f'"{value}" is searched as a word; to add up write figures --sum')
    elif resolver.scalar("SELECT kind FROM event WHERE kind = ? LIMIT 1", value):
        resolver.warn(f'"{value}" is searched as a word; for the kind write kind:{value}')
    elif resolver.scalar("SELECT id FROM entity WHERE kind = 'alias' AND id = ?", value):
        resolver.warn(f'"{value}" is searched as a word; for the saved query write :{value}')
    search, params = resolver.db.text_search(phrase)
    return exact(
        f"(e.number IN ({search}) OR e.number IN"
        " (SELECT event FROM participant WHERE actor IN (SELECT actor FROM actor_name WHERE words LIKE ?)))",
        *params,
        f"% {phrase}%",
    )


def _title_predicate(value: str, resolver: NameResolver) -> Predicate:
    search, params = resolver.db.text_search(_search_phrase(value), "title")
    return exact(f"e.number IN ({search})", *params)


def _status_predicate(value: str, resolver: NameResolver) -> Predicate:
    if value.lower() not in STATUSES:
        raise UsageError(f'no status "{value}"{suggest_or_list(value, STATUSES)}')
    return status_is(value.lower())


ROLE = WordFacet("role", "participant", "role", "some actor in that role")
METRIC = WordFacet("metric", "figure", "metric", "has a figure of that metric", is_required=True)


def _participant_predicate(is_actor: str, value: str, resolver: NameResolver) -> Predicate:
    name, separator, role = value.partition("@")
    rows = Sql(is_actor, (resolver.resolve_actor(name),))
    rows = and_(rows, ROLE.matching_rows(role, resolver)) if separator else rows
    return exact(f"e.number IN (SELECT event FROM participant WHERE {rows.text})", *rows.params)


_actor_predicate = partial(_participant_predicate, "actor = ?")
_group_predicate = partial(
    _participant_predicate,
    "actor IN (SELECT actor FROM actor_group WHERE parent = ?)",
)
# Actors that are a parent or have none; the others count in their parents.
_GROUP_ROWS = (
    "SELECT y.event, m.parent AS key, y.role FROM actor_group m JOIN participant y ON y.actor = m.actor"
    " WHERE m.parent IN (SELECT parent FROM actor_parent) OR m.parent NOT IN (SELECT actor FROM actor_parent)"
)


def _source_predicate(value: str, resolver: NameResolver) -> Predicate:
    return exact("e.number IN (SELECT event FROM citation WHERE source = ?)", resolver.resolve_entity("source", value))


def _link_predicate(value: str, resolver: NameResolver) -> Predicate:
    type, separator, id = value.lower().partition("@")
    if type and type not in LINK_TYPES:
        is_event = type in resolver.list_ids("event")
        hint = f'; did you mean "link:@{type}"?' if is_event else suggest_or_list(type, LINK_TYPES)
        raise UsageError(f'no link type "{type}"{hint}')
    if separator:
        id = resolver.resolve_event(id)
    # The event's links, and the links of others to it, read in reverse.
    outgoing = {"l.type": type, "l.target": id}
    incoming = {"l.type": LINK_INVERSES.get(type, type), "x.id": id}
    sql = (
        f"(e.number IN (SELECT l.event FROM link l WHERE {_equals_sql(outgoing)})"
        f" OR e.id IN (SELECT l.target FROM link l JOIN event x ON x.number = l.event WHERE {_equals_sql(incoming)}))"
    )
    return exact(sql, *(value for value in (*outgoing.values(), *incoming.values()) if value))


def _equals_sql(values: dict[str, str]) -> str:
    return " AND ".join(f"{column} = ?" for column, value in values.items() if value)


# Only what happened fulfills a plan, but a new plan may replace it. A link to a missing event is trusted.
_FULFILLED_SQL = (
    "(EXISTS (SELECT 1 FROM link l JOIN event x ON x.number = l.event"
    " WHERE l.type = 'fulfils' AND l.target = e.id AND x.status = 'happened')"
    " OR EXISTS (SELECT 1 FROM link l LEFT JOIN event x ON x.id = l.target"
    " WHERE l.type = 'fulfilled-by' AND l.event = e.number AND COALESCE(x.status, 'happened') = 'happened'))"
)
_REPLACED_SQL = (
    "(EXISTS (SELECT 1 FROM link l WHERE l.type = 'replaces' AND l.target = e.id)"
    " OR EXISTS (SELECT 1 FROM link l WHERE l.type = 'replaced-by' AND l.event = e.number))"
)
_SETTLED_SQL = f"({_FULFILLED_SQL} OR {_REPLACED_SQL})"
_CITED_SQL = "(SELECT 1 FROM citation c WHERE c.event = e.number)"
_ORIGIN_COUNT_SQL = (
    "(SELECT COUNT(DISTINCT COALESCE(x.origin, c.source)) FROM citation c"
    " LEFT JOIN entity x ON x.kind = 'source' AND x.id = c.source WHERE c.event = e.number)"
)

_START_SQL = {"overdue": "COALESCE({start} < ?, FALSE)", "upcoming": "COALESCE({start} >= ?, FALSE)"}

# The SQL of is:WORD, 0 or 1; the parameter is today.
STATE_SQL = {
    **{state: f"{sql.format(start='e.start_last')} AND NOT {_SETTLED_SQL}" for state, sql in _START_SQL.items()},
    "replaced": _REPLACED_SQL,
    "disputed": "e.disputed IS NOT NULL",
    "undated": "e.date IS NULL",
    "unsourced": f"NOT EXISTS {_CITED_SQL}",
    "single-source": f"{_ORIGIN_COUNT_SQL} = 1",
    "approximate": "e.approximate",
    "quoted": "e.quoted",
    "reported": "e.reported",
}


def _state_predicate(value: str, resolver: NameResolver) -> Predicate:
    value = value.lower()
    if value not in STATES:
        from autotimeline.query.synonyms import STATE_SYNONYMS, state_remedies  # not on the fast path

        remedy = state_remedies(STATES).get(value)
        hint = f"; write {remedy}" if remedy else suggest_or_list(STATE_SYNONYMS.get(value, value), STATES)
        raise UsageError(f'no "is:{value}"{hint}')
    return _STATE_PREDICATES[value](resolver)


def _start_predicate(start_sql: str, resolver: NameResolver) -> Predicate:
    """Build the predicate that a plan is open, and its latest possible start is before or after today."""
    event_start, claim_start = (start_sql.format(start=start) for start in ("e.start_last", "c.start_last"))
    claim_sql = f"SELECT 1 FROM claim c WHERE c.event = e.number AND {claim_start}"
    overlaps = f"{event_start} OR (e.disputed_date AND EXISTS ({claim_sql}))"
    possible, certain = Sql(overlaps, [resolver.today] * 2), Sql(event_start, [resolver.today])
    start = with_bounds(possible, certain, "e.start_qualified OR e.disputed_date")
    return all_of([status_is("planned"), start, exact(f"NOT {_SETTLED_SQL}")])


def _slipped_predicate(resolver: NameResolver) -> Predicate:
    from autotimeline.query.slips import slipped  # not on the fast path

    return all_of([status_is("planned"), slipped()])


def _verified_predicate(resolver: NameResolver) -> Predicate:
    from autotimeline.query.verified import verified_events  # not on the fast path

    numbers = verified_events(resolver.db, resolver.paths)
    return exact("e.number IN (SELECT value FROM json_each(?))", str(numbers))


_STATE_PREDICATES: dict[str, Callable[[NameResolver], Predicate]] = {
    **{state: partial(lambda sql, resolver: exact(sql), sql) for state, sql in STATE_SQL.items()},
    **{state: partial(_start_predicate, sql) for state, sql in _START_SQL.items()},
    "planned": lambda resolver: status_is("planned"),
    "fulfilled": lambda resolver: all_of([status_is("planned"), exact(_FULFILLED_SQL)]),
    "slipped": _slipped_predicate,
    "verified": _verified_predicate,
}
STATES = sorted(_STATE_PREDICATES)


_EVENT_SQL = "SELECT {} FROM event ORDER BY sort_day, sort_tiebreak, id".format


def constant_sql(words: Iterable[str]) -> str:
    """Return SQL that yields these words, one per row."""
    return "VALUES " + ", ".join(f"('{word}')" for word in words)


QUERY_FIELDS = {
    "id": Facet(_id_predicate, "the event of that id", _EVENT_SQL("id"), column="e.id"),
    "text": QueryField(_text_predicate, "words in titles, places, notes, quotes, printed dates and names of actors"),
    "title": QueryField(_title_predicate, "words in titles"),
    "kind": WordFacet("kind", "event e", "e.kind", "what kind of event"),
    "status": Facet(
        _status_predicate,
        "happened, planned or cancelled",
        constant_sql(STATUSES),
        words=STATUSES,
        match_key=status_is,
    ),
    "actor": Facet(
        _actor_predicate,
        "who took part, by id, name or alias; actor:ID@ROLE in that role",
        rows="SELECT event, actor AS key, role FROM participant",
        has_roles=True,
        entity_kind="actor",
    ),
    "group": Facet(
        _group_predicate,
        "an actor and all that is part of it; group:ID@ROLE in that role",
        rows=_GROUP_ROWS,
        has_roles=True,
        entity_kind="actor",
    ),
    "role": ROLE,
    "place": WordFacet("place", "place", "name", "a place or a part of one", folded="folded", is_list=True),
    "tag": WordFacet("tag", "tag", "name", "a tag", folded="folded"),
    "source": Facet(
        _source_predicate,
        "cited from that source",
        rows="SELECT event, source AS key FROM citation",
        entity_kind="source",
    ),
    "era": Facet(_era_predicate, "within an era", entity_kind="era"),
    "metric": METRIC,
    "date": QueryField(_date_predicate, "within a period: 2023Q4, last-year, 2023..2024", _EVENT_SQL("'@' || id")),
    "since": QueryField(_since_predicate, "from the start of a date on", _EVENT_SQL("'@' || id")),
    "until": QueryField(_until_predicate, "up to the end of a date", _EVENT_SQL("'@' || id")),
    "known": QueryField(_known_predicate, "became known within a period"),
    "link": Facet(
        _link_predicate,
        "linked to an event: link:leads-to@ID, link:@ID",
        constant_sql(f"{type}@" for type in LINK_TYPES),
        words=LINK_TYPES,
    ),
    "near": _near_field("near", "near an event or a date: near:@ID/90d, near:2024-12/2m"),
    "around": _near_field("around", "the same as near"),
    "is": Facet(_state_predicate, "a state: " + ", ".join(STATES), constant_sql(STATES), words=STATES),
}
