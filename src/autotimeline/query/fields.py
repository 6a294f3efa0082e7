"""The fields of the query language and their SQL conditions. A new field is one entry in QUERY_FIELDS.

The row of the event is `e`; values are parameters.
"""

from __future__ import annotations

from autotimeline.dates.human import Window, widen_window
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UnknownNameError, UsageError
from autotimeline.query.conditions import Condition, all_of, date_in, exact, status_is, with_bounds
from autotimeline.query.resolver import vocabulary_hint
from autotimeline.schema import LINK_INVERSES, LINK_TYPES, STATUSES
from autotimeline.text import fold, search_words, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autotimeline.query.resolver import NameResolver


def _date_condition(value: str, resolver: NameResolver) -> Condition:
    return date_in(resolver.period_window(value, f"date:{value}"))


def _since_condition(value: str, resolver: NameResolver) -> Condition:
    period = resolver.parse_period(value)
    bounds = (period.outer_first, END, period.inner_first, END)
    return date_in(resolver.record_meaning(Window(bounds, value, period.relative), f"since:{value}"))


def _until_condition(value: str, resolver: NameResolver) -> Condition:
    period = resolver.parse_period(value)
    bounds = (BEGIN, period.outer_last, BEGIN, period.inner_last)
    return date_in(resolver.record_meaning(Window(bounds, value, period.relative), f"until:{value}"))


def _era_condition(value: str, resolver: NameResolver) -> Condition:
    # Not parsed as a period: an era may be named 2024 or today.
    return date_in(resolver.record_meaning(Window(resolver.era_window(value), value, True), f"era:{value}"))


def _known_condition(value: str, resolver: NameResolver) -> Condition:
    outer_first, outer_last, inner_first, inner_last = resolver.period_window(value, f"known:{value}")
    # Null if unknown, so that neither the term nor its negation matches.
    return with_bounds(
        ("e.known_first <= ? AND e.known_last >= ?", (outer_last, outer_first)),
        ("e.known_last <= ? AND e.known_first >= ?", (inner_last, inner_first)),
        "e.known_qualified",
    )


def _near_condition(value: str, resolver: NameResolver) -> Condition:
    anchor, slash, distance = value.partition("/")
    if not (anchor.startswith("@") and slash):
        raise UsageError(f'"near:{value}": write near:@EVENT/90d, an event and a number of d, w, m, q or y')
    return date_in(resolver.record_meaning(widen_window(resolver.event_window(anchor[1:]), distance), f"near:{value}"))


def _id_condition(value: str, resolver: NameResolver) -> Condition:
    return exact("e.id = ?", resolver.resolve_event(value.removeprefix("@")))


def _search_phrase(value: str) -> str:
    phrase = search_words(value)
    if not phrase:
        raise UsageError(f'nothing to search for in "{value}"; write a word or its beginning')
    return phrase


def _text_condition(value: str, resolver: NameResolver) -> Condition:
    phrase = _search_phrase(value)
    return exact(
        "(e.number IN (SELECT rowid FROM search WHERE search MATCH ?) OR e.number IN"
        " (SELECT event FROM participant WHERE actor IN (SELECT actor FROM actor_name WHERE words LIKE ?)))",
        f'"{phrase}"*',
        f"% {phrase}%",
    )


def _title_condition(value: str, resolver: NameResolver) -> Condition:
    phrase = _search_phrase(value)
    return exact("e.number IN (SELECT rowid FROM search WHERE search MATCH ?)", f'{{title}} : "{phrase}"*')


def _kind_condition(value: str, resolver: NameResolver) -> Condition:
    resolver.warn_if_unknown("kind", value, "SELECT DISTINCT kind FROM event")
    return exact("IFNULL(e.kind_folded = ?, 0)", fold(value))


def _status_condition(value: str, resolver: NameResolver) -> Condition:
    if value.lower() not in STATUSES:
        raise UsageError(f'no status "{value}"{suggest(value, STATUSES) or "; there are " + ", ".join(STATUSES)}')
    return status_is(value.lower())


def _actor_condition(value: str, resolver: NameResolver) -> Condition:
    name, separator, role = value.partition("@")
    sql, parameters = "actor = ?", [resolver.resolve_actor(name)]
    if separator:
        role_sql, roles = _role_sql(role, resolver)
        sql, parameters = f"{sql} AND {role_sql}", [*parameters, *roles]
    return exact(f"e.number IN (SELECT event FROM participant WHERE {sql})", *parameters)


def _role_sql(value: str, resolver: NameResolver) -> tuple[str, list[str]]:
    sql = "SELECT DISTINCT role FROM participant"
    resolver.warn_if_unknown("role", value, sql)
    roles = [role for role in resolver.distinct(sql) if fold(role) == fold(value)]
    return f"role IN ({', '.join('?' * len(roles))})" if roles else "0", roles


def _role_condition(value: str, resolver: NameResolver) -> Condition:
    role_sql, roles = _role_sql(value, resolver)
    return exact(f"e.number IN (SELECT event FROM participant WHERE {role_sql})", *roles)


def _group_condition(value: str, resolver: NameResolver) -> Condition:
    return exact(
        "e.number IN (WITH RECURSIVE member(id) AS (VALUES (?) UNION SELECT p.actor FROM actor_parent p JOIN member m"
        " ON p.parent = m.id) SELECT event FROM participant WHERE actor IN (SELECT id FROM member))",
        resolver.resolve_actor(value),
    )


def _place_condition(value: str, resolver: NameResolver) -> Condition:
    resolver.warn_if_unknown("place", value, "SELECT name FROM place UNION SELECT folded FROM place")
    return exact("e.number IN (SELECT event FROM place WHERE folded = ?)", fold(value))


def _tag_condition(value: str, resolver: NameResolver) -> Condition:
    resolver.warn_if_unknown("tag", value, "SELECT DISTINCT name FROM tag")
    return exact("e.number IN (SELECT event FROM tag WHERE folded = ?)", fold(value))


def _source_condition(value: str, resolver: NameResolver) -> Condition:
    return exact("e.number IN (SELECT event FROM citation WHERE source = ?)", resolver.resolve_entity("source", value))


def _metric_condition(value: str, resolver: NameResolver) -> Condition:
    known = resolver.distinct("SELECT DISTINCT metric FROM figure")
    if value.lower() not in known:
        raise UnknownNameError(f'no metric "{value}"{suggest(value, known) or vocabulary_hint("metrics")}')
    return exact("e.number IN (SELECT event FROM figure WHERE metric = ?)", value.lower())


def _link_condition(value: str, resolver: NameResolver) -> Condition:
    type, separator, id = value.lower().partition("@")
    if type and type not in LINK_TYPES:
        hint = f'; did you mean "link:@{type}"?' if type in resolver.list_ids("event") else suggest(type, LINK_TYPES)
        raise UsageError(f'no link type "{type}"{hint or "; there are " + ", ".join(LINK_TYPES)}')
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


# Only what happened fulfils a plan. A link to a missing event is trusted.
_FULFILLED_SQL = (
    "(EXISTS (SELECT 1 FROM link l JOIN event x ON x.number = l.event"
    " WHERE l.type = 'fulfils' AND l.target = e.id AND x.status = 'happened')"
    " OR EXISTS (SELECT 1 FROM link l LEFT JOIN event x ON x.id = l.target"
    " WHERE l.type = 'fulfilled-by' AND l.event = e.number AND IFNULL(x.status, 'happened') = 'happened'))"
)
_CITED_SQL = "(SELECT 1 FROM citation c WHERE c.event = e.number)"
_ORIGIN_COUNT_SQL = (
    "(SELECT COUNT(DISTINCT IFNULL(x.origin, c.source)) FROM citation c"
    " LEFT JOIN entity x ON x.kind = 'source' AND x.id = c.source WHERE c.event = e.number)"
)

_START_SQL = {"overdue": "IFNULL({start} < ?, 0)", "upcoming": "IFNULL({start} >= ?, 0)"}

# The SQL of is:WORD, 0 or 1; the parameter is today.
STATE_SQL = {
    **{state: f"{sql.format(start='e.start_last')} AND NOT {_FULFILLED_SQL}" for state, sql in _START_SQL.items()},
    "disputed": "e.disputed IS NOT NULL",
    "undated": "e.date IS NULL",
    "unsourced": f"NOT EXISTS {_CITED_SQL}",
    "single-source": f"{_ORIGIN_COUNT_SQL} = 1",
    "approximate": "e.approximate",
    "quoted": "e.quoted",
    "reported": "e.reported",
}
STATES = sorted((*STATE_SQL, "planned"))


def _state_condition(value: str, resolver: NameResolver) -> Condition:
    value = value.lower()
    if value == "planned":
        return _status_condition(value, resolver)
    if value not in STATE_SQL:
        raise UsageError(f'no "is:{value}"{suggest(value, STATES) or "; there are " + ", ".join(STATES)}')
    if value not in _START_SQL:
        return exact(STATE_SQL[value])
    event_start, claim_start = (_START_SQL[value].format(start=start) for start in ("e.start_last", "c.start_last"))
    claim_sql = f"SELECT 1 FROM claim c WHERE c.event = e.number AND {claim_start}"
    overlaps = f"{event_start} OR (e.disputed_date AND EXISTS ({claim_sql}))"
    start_condition = with_bounds(
        (overlaps, (resolver.today, resolver.today)),
        (event_start, (resolver.today,)),
        "e.start_qualified OR e.disputed_date",
    )
    return all_of(_status_condition("planned", resolver), start_condition, exact(f"NOT {_FULFILLED_SQL}"))


class QueryField:
    """A field of the query language: the condition of a value, a line of help, and SQL of values for completion."""

    __slots__ = ("build_condition", "completion_sql", "help")

    def __init__(
        self, build_condition: Callable[[str, NameResolver], Condition], help: str, completion_sql: str = ""
    ) -> None:
        self.build_condition = build_condition
        self.help = help
        self.completion_sql = completion_sql


_ENTITY_SQL = "SELECT id FROM entity WHERE kind = '{}' ORDER BY id".format
_DISTINCT_SQL = "SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL ORDER BY 1".format
_EVENT_SQL = "SELECT {} FROM event ORDER BY sort_day, sort_tiebreak, id".format


def constant_sql(words: Iterable[str]) -> str:
    """Return SQL that yields these words, one per row."""
    return "VALUES " + ", ".join(f"('{word}')" for word in words)


QUERY_FIELDS = {
    "id": QueryField(_id_condition, "the event of that id", _EVENT_SQL("id")),
    "text": QueryField(_text_condition, "words in titles, notes, quotes, printed dates and the names of actors"),
    "title": QueryField(_title_condition, "words in titles"),
    "kind": QueryField(_kind_condition, "what kind of event", _DISTINCT_SQL("kind", "event")),
    "status": QueryField(_status_condition, "happened, planned or cancelled", constant_sql(STATUSES)),
    "actor": QueryField(
        _actor_condition, "who took part, by id, name or alias; actor:ID@ROLE in that role", _ENTITY_SQL("actor")
    ),
    "group": QueryField(_group_condition, "an actor and all that is part of it", _ENTITY_SQL("actor")),
    "role": QueryField(_role_condition, "some actor in that role", _DISTINCT_SQL("role", "participant")),
    "place": QueryField(
        _place_condition, "a place or a part of one", _DISTINCT_SQL("REPLACE(folded, ' ', '-')", "place")
    ),
    "tag": QueryField(_tag_condition, "a tag", _DISTINCT_SQL("name", "tag")),
    "source": QueryField(_source_condition, "cited from that source", _ENTITY_SQL("source")),
    "era": QueryField(_era_condition, "within an era", _ENTITY_SQL("era")),
    "metric": QueryField(_metric_condition, "has a figure of that metric", _DISTINCT_SQL("metric", "figure")),
    "date": QueryField(_date_condition, "within a period: 2023Q4, last-year, 2023..2024", _EVENT_SQL("'@' || id")),
    "since": QueryField(_since_condition, "from the start of a date on", _EVENT_SQL("'@' || id")),
    "until": QueryField(_until_condition, "up to the end of a date", _EVENT_SQL("'@' || id")),
    "known": QueryField(_known_condition, "became known within a period"),
    "link": QueryField(
        _link_condition,
        "linked to an event: link:leads-to@ID, link:@ID",
        constant_sql(f"{type}@" for type in LINK_TYPES),
    ),
    "near": QueryField(_near_condition, "near an event: near:@ID/90d", _EVENT_SQL("'@' || id || '/'")),
    "is": QueryField(_state_condition, "a state: " + ", ".join(STATES), constant_sql(STATES)),
}
