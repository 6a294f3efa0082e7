"""The fields of the query language: what each asks of an event, as SQL. A new field is one entry in FIELDS.

The event's row is `e`; what comes from outside is a parameter.
"""

from __future__ import annotations

from autotimeline.dates.human import Window, around
from autotimeline.dates.span import BEGIN, END
from autotimeline.errors import UnknownError, UsageError
from autotimeline.query.conditions import Condition, bounded, dated, every, exact, stated
from autotimeline.query.resolver import lists
from autotimeline.text import fold, nearest, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.query.resolver import Scope


def _date(value: str, scope: Scope) -> Condition:
    return dated(scope.window(value, f"date:{value}"))


def _since(value: str, scope: Scope) -> Condition:
    found = scope.read(value)
    return dated(scope.tell(Window((found.A, END, found.a, END), value, found.relative), f"since:{value}"))


def _until(value: str, scope: Scope) -> Condition:
    found = scope.read(value)
    return dated(scope.tell(Window((BEGIN, found.B, BEGIN, found.b), value, found.relative), f"until:{value}"))


def _era(value: str, scope: Scope) -> Condition:
    # Looked up, and not read as a period: an era may be called 2024, or today.
    return dated(scope.tell(Window(scope.era(value), value, True), f"era:{value}"))


def _known(value: str, scope: Scope) -> Condition:
    outer_low, outer_high, inner_low, inner_high = scope.window(value, f"known:{value}")
    # Null, which neither the term nor its negation matches, where nobody can tell since when it is known.
    return bounded(
        ("e.known_lo <= ? AND e.known_hi >= ?", (outer_high, outer_low)),
        ("e.known_hi <= ? AND e.known_lo >= ?", (inner_high, inner_low)),
        "e.known_qualified",
    )


def _near(value: str, scope: Scope) -> Condition:
    at, slash, distance = value.partition("/")
    if not (at.startswith("@") and slash):
        raise UsageError(f'"near:{value}": write near:@EVENT/90d, an event and a number of d, w, m, q or y')
    return dated(scope.tell(around(scope.dates(at[1:]), distance), f"near:{value}"))


def _id(value: str, scope: Scope) -> Condition:
    return exact("e.id = ?", scope.event(value.removeprefix("@")))


def _asked(value: str, scope: Scope) -> str:
    found = words(value)
    if not found:
        raise UsageError(f'nothing to search for in "{value}"; write a word or its beginning')
    return found


def _text(value: str, scope: Scope) -> Condition:
    asked = _asked(value, scope)
    return exact(
        "(e.n IN (SELECT rowid FROM search WHERE search MATCH ?)"
        " OR e.n IN (SELECT event FROM party WHERE actor IN (SELECT actor FROM name WHERE words LIKE ?)))",
        f'"{asked}"*',
        f"% {asked}%",
    )


def _title(value: str, scope: Scope) -> Condition:
    asked = _asked(value, scope)
    return exact("e.n IN (SELECT rowid FROM search WHERE search MATCH ?)", f'{{title}} : "{asked}"*')


def _kind(value: str, scope: Scope) -> Condition:
    scope.alike("kind", value, "SELECT DISTINCT kind FROM event")
    return exact("IFNULL(e.kind_folded = ?, 0)", fold(value))


# The words of `model`, which no question loads.
STATUSES = ("happened", "planned", "cancelled")


def _status(value: str, scope: Scope) -> Condition:
    if value.lower() not in STATUSES:
        raise UsageError(f'no status "{value}"{nearest(value, STATUSES) or "; there are " + ", ".join(STATUSES)}')
    return stated(value.lower())


def _actor(value: str, scope: Scope) -> Condition:
    name, at, role = value.partition("@")
    sql, parameters = "actor = ?", [scope.actor(name)]
    if at:
        played, roles = _in_role(role, scope)
        sql, parameters = f"{sql} AND {played}", [*parameters, *roles]
    return exact(f"e.n IN (SELECT event FROM party WHERE {sql})", *parameters)


def _in_role(value: str, scope: Scope) -> tuple[str, list[str]]:
    sql = "SELECT DISTINCT role FROM party"
    scope.alike("role", value, sql)
    roles = [role for role in scope.column(sql) if fold(role) == fold(value)]
    return f"role IN ({', '.join('?' * len(roles))})" if roles else "0", roles


def _role(value: str, scope: Scope) -> Condition:
    played, roles = _in_role(value, scope)
    return exact(f"e.n IN (SELECT event FROM party WHERE {played})", *roles)


def _group(value: str, scope: Scope) -> Condition:
    return exact(
        "e.n IN (WITH RECURSIVE member(id) AS (VALUES (?) UNION SELECT p.actor FROM part p JOIN member m"
        " ON p.whole = m.id) SELECT event FROM party WHERE actor IN (SELECT id FROM member))",
        scope.actor(value),
    )


def _place(value: str, scope: Scope) -> Condition:
    known = "SELECT name FROM place UNION SELECT folded FROM place"
    scope.alike("place", value, known)
    return exact("e.n IN (SELECT event FROM place WHERE folded = ?)", fold(value))


def _tag(value: str, scope: Scope) -> Condition:
    scope.alike("tag", value, "SELECT DISTINCT name FROM tag")
    return exact("e.n IN (SELECT event FROM tag WHERE folded = ?)", fold(value))


def _source(value: str, scope: Scope) -> Condition:
    return exact("e.n IN (SELECT event FROM citation WHERE source = ?)", scope.entity("source", value))


def _metric(value: str, scope: Scope) -> Condition:
    known = scope.column("SELECT DISTINCT metric FROM figure")
    if value.lower() not in known:
        raise UnknownError(f'no metric "{value}"{nearest(value, known) or lists("metrics")}')
    return exact("e.n IN (SELECT event FROM figure WHERE metric = ?)", value.lower())


# What a link is called from its other end; the rest are the same from both.
INVERSE = {"leads-to": "follows-from", "fulfils": "fulfilled-by", "part-of": "has-part", "replaces": "replaced-by"}
INVERSE.update({there: here for here, there in INVERSE.items()})
_SAME = ("same-deal", "contrasts", "related")
LINKS = (*INVERSE, *_SAME)


def _link(value: str, scope: Scope) -> Condition:
    type, at, id = value.lower().partition("@")
    if type and type not in LINKS:
        meant = f'; did you mean "link:@{type}"?' if type in scope.ids("event") else nearest(type, LINKS)
        raise UsageError(f'no link type "{type}"{meant or "; there are " + ", ".join(LINKS)}')
    if at:
        id = scope.event(id)
    # Its own links, and those of others to it, which say the same the other way round.
    own = {"l.type": type, "l.target": id}
    others = {"l.type": INVERSE.get(type, type), "x.id": id}
    sql = (
        f"(e.n IN (SELECT l.event FROM link l WHERE {_equal(own)})"
        f" OR e.id IN (SELECT l.target FROM link l JOIN event x ON x.n = l.event WHERE {_equal(others)}))"
    )
    return exact(sql, *(value for value in (*own.values(), *others.values()) if value))


def _equal(wanted: dict[str, str]) -> str:
    return " AND ".join(f"{column} = ?" for column, value in wanted.items() if value)


# By what happened: another plan, or what was cancelled, fulfils nothing. What is not in the store is taken at its word.
_FULFILLED = (
    "(EXISTS (SELECT 1 FROM link l JOIN event x ON x.n = l.event"
    " WHERE l.type = 'fulfils' AND l.target = e.id AND x.status = 'happened')"
    " OR EXISTS (SELECT 1 FROM link l LEFT JOIN event x ON x.id = l.target"
    " WHERE l.type = 'fulfilled-by' AND l.event = e.n AND IFNULL(x.status, 'happened') = 'happened'))"
)
_CITED = "(SELECT 1 FROM citation c WHERE c.event = e.n)"
_ORIGINS = (
    "(SELECT COUNT(DISTINCT IFNULL(x.origin, c.source)) FROM citation c"
    " LEFT JOIN entity x ON x.kind = 'source' AND x.id = c.source WHERE c.event = e.n)"
)

_STARTS = {"overdue": "IFNULL({start} < ?, 0)", "upcoming": "IFNULL({start} >= ?, 0)"}

# is:WORD, each a piece of SQL that is 0 or 1; ? is today.
FLAGS = {
    **{state: f"{sql.format(start='e.start_hi')} AND NOT {_FULFILLED}" for state, sql in _STARTS.items()},
    "disputed": "e.disputed IS NOT NULL",
    "undated": "e.date IS NULL",
    "unsourced": f"NOT EXISTS {_CITED}",
    "single-source": f"{_ORIGINS} = 1",
    "approximate": "e.approximate",
    "quoted": "e.quoted",
    "reported": "e.reported",
}
STATES = sorted((*FLAGS, "planned"))


def _is(value: str, scope: Scope) -> Condition:
    value = value.lower()
    if value == "planned":
        return _status(value, scope)
    if value not in FLAGS:
        raise UsageError(f'no "is:{value}"{nearest(value, STATES) or "; there are " + ", ".join(STATES)}')
    if value not in _STARTS:
        return exact(FLAGS[value])
    own, claimed = (_STARTS[value].format(start=start) for start in ("e.start_hi", "c.start_hi"))
    overlaps = f"{own} OR (e.disputed_date AND EXISTS (SELECT 1 FROM claim c WHERE c.event = e.n AND {claimed}))"
    starts = bounded(
        (overlaps, (scope.today, scope.today)), (own, (scope.today,)), "e.start_qualified OR e.disputed_date"
    )
    return every(_status("planned", scope), starts, exact(f"NOT {_FULFILLED}"))


class Field:
    """A field: how a value of it becomes a condition, what to complete it from, and a line of help."""

    __slots__ = ("condition", "help", "vocabulary")

    def __init__(self, condition: Callable[[str, Scope], Condition], help: str, vocabulary: str = "") -> None:
        self.condition = condition
        self.help = help
        self.vocabulary = vocabulary


_OF = "SELECT id FROM entity WHERE kind = '{}' ORDER BY id".format
_EVENTS = "SELECT {} FROM event ORDER BY o1, o2, id".format
_STATES = "VALUES " + ", ".join(f"('{state}')" for state in STATES)
_LINK_TYPES = " UNION ALL ".join(f"SELECT '{type}@'" for type in LINKS)

FIELDS = {
    "id": Field(_id, "the event of that id", _EVENTS("id")),
    "text": Field(_text, "words in titles, notes, quotes, printed dates and the names of actors"),
    "title": Field(_title, "words in titles"),
    "kind": Field(_kind, "what kind of event", "SELECT DISTINCT kind FROM event WHERE kind IS NOT NULL ORDER BY 1"),
    "status": Field(
        _status, "happened, planned or cancelled", "VALUES " + ", ".join(f"('{status}')" for status in STATUSES)
    ),
    "actor": Field(_actor, "who took part, by id, name or alias; actor:ID@ROLE in that role", _OF("actor")),
    "group": Field(_group, "an actor and all that is part of it", _OF("actor")),
    "role": Field(
        _role, "some actor in that role", "SELECT DISTINCT role FROM party WHERE role IS NOT NULL ORDER BY 1"
    ),
    "place": Field(
        _place, "a place or a part of one", "SELECT DISTINCT REPLACE(folded, ' ', '-') FROM place ORDER BY 1"
    ),
    "tag": Field(_tag, "a tag", "SELECT DISTINCT name FROM tag ORDER BY 1"),
    "source": Field(_source, "cited from that source", _OF("source")),
    "era": Field(_era, "within an era", _OF("era")),
    "metric": Field(_metric, "has a figure of that metric", "SELECT DISTINCT metric FROM figure ORDER BY 1"),
    "date": Field(_date, "within a period: 2023Q4, last-year, 2023..2024", _EVENTS("'@' || id")),
    "since": Field(_since, "from the start of a date on", _EVENTS("'@' || id")),
    "until": Field(_until, "up to the end of a date", _EVENTS("'@' || id")),
    "known": Field(_known, "became known within a period"),
    "link": Field(_link, "linked to an event: link:leads-to@ID, link:@ID", _LINK_TYPES),
    "near": Field(_near, "near an event: near:@ID/90d", _EVENTS("'@' || id || '/'")),
    "is": Field(_is, "a state: " + ", ".join(STATES), _STATES),
}
