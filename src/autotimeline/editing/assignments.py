"""Words such as `kind=deal`, `tags+=ev`, `actors.buyer=stellantis`: what they make of the keys of an event or another.

    FIELD=VALUE      the field says this, and nothing else; given several times, a list of these
    FIELD+=VALUE     a list has this too
    FIELD-=VALUE     a list has this no more
    FIELD=           the field goes

A field is a key of the store (`title`, `places`), or a path: `actors.ROLE`, `links.TYPE`, `figures.METRIC`,
`figures.METRIC.KEY` (`of`, `period`, `basis`, …), `sources.ID.KEY` (`quote`, `by`, `date`, …), `accept.RULE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.errors import DateError, UsageError
from autotimeline.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

KEYS = {
    "event": (
        *("date", "period", "printed", "known", "title", "kind", "status", "reported", "actors", "places", "tags"),
        *("figures", "sources", "links", "accept", "note"),
    ),
    "source": ("title", "published", "url", "file", "origin", "status", "note"),
    "actor": ("name", "aliases", "kind", "part_of", "note"),
    "era": ("name", "period", "note"),
}
"""The keys that a word may set, by what has them, in the order in which they are written."""
VALUES = {
    "kind": "kind",
    "status": "status",
    "actors": "actor",
    "part_of": "actor",
    "places": "place",
    "tags": "tag",
    "sources": "source",
    "links": "id",
}
"""What a key holds, as a field of the query language."""
_LISTS = ("places", "tags", "aliases", "part_of", "actors", "sources")
_TABLES = ("actors", "links", "figures", "accept", "sources")
_DATES = ("date", "period", "known", "published")
_FLAGS = {"true": True, "yes": True, "false": None, "no": None}


class Assignment:
    """One word: its path, what it does (`=`, `+=`, `-=`) and its value."""

    __slots__ = ("does", "path", "value", "word")

    def __init__(self, path: Sequence[str], does: str, value: str) -> None:
        self.path = tuple(path)
        self.does = does
        self.value = value
        self.word = f"{'.'.join(path)}{does}{value}"


def read(word: str) -> Assignment:
    """Return what a word assigns.

    Raises:
        UsageError: where it assigns nothing.
    """
    name, equals, value = word.partition("=")
    does = name[-1:] + "=" if name[-1:] in ("+", "-") else "="
    name = name[:-1] if len(does) > 1 else name
    path = name.strip().split(".")
    if not equals or not all(path):
        raise UsageError(f'"{word}": write FIELD=VALUE, as kind=deal, tags+=ev or figures.investment="~2bn EUR"')
    return Assignment(path, does, value.strip())


def assigned(
    kind: str, body: dict[str, Any], assignments: Iterable[Assignment], day: Any = lambda text: None
) -> dict[str, Any]:
    """Return the keys of a body after assignments, in the order in which they stand; what is new comes last.

    Args:
        kind: `event`, `source`, `actor` or `era`.
        body: The keys as they are; they stay so.
        assignments: What is to be; those with `=` to one path make a list together.
        day: Returns the day (ISO 8601) that a relative word stands for, None where it is none.

    Raises:
        UsageError: where one fits no key.
    """
    from copy import deepcopy

    if kind not in KEYS:
        raise UsageError(f"{kind}: it has no fields to set; change it with `autotimeline edit`")
    body = deepcopy(body)
    paths: set[tuple[str, ...]] = set()
    for one in assignments:
        again = one.does == "=" and one.path in paths
        paths.add(one.path)
        _Body(kind, body, day).assign(one, again=again)
    return body


class _Body:
    """The keys of one thing."""

    def __init__(self, kind: str, body: dict[str, Any], day: Any) -> None:
        self.kind = kind
        self.body = body
        self.day = day

    def assign(self, one: Assignment, *, again: bool) -> None:
        key, known = one.path[0], KEYS[self.kind]
        if key == "id":
            raise UsageError("an id is changed with `autotimeline rename OLD NEW`, which changes what names it too")
        if key not in known and one.does == "=" and not one.value and one.path == (key,) and key in self.body:
            # What never fitted may go.
            del self.body[key]
            return
        if key not in known:
            raise UsageError(f'{self.kind}: no field "{key}"{nearest(key, known)}; there are {", ".join(known)}')
        if len(one.path) == 1:
            self._key(self.body, key, one, again)
        elif key not in _TABLES:
            raise UsageError(f'"{one.word}": {key} has no parts; write {key}=VALUE')
        elif key == "sources":
            self._citation(one)
        elif key == "figures":
            self._figure(self._table(self.body, "figures"), one.path[1:], one, again)
        else:
            self._entry(key, one, again)
        if not self.body.get(key, True):
            del self.body[key]

    def _key(self, body: dict[str, Any], key: str, one: Assignment, again: bool) -> None:
        if key in _LISTS and not (one.does == "=" and not one.value):
            if isinstance(body.get(key), dict) and one.does != "=":
                raise UsageError(f'"{one.word}": the actors have roles; write actors.ROLE{one.does}{one.value}')
            self._list(body, key, one, again, several=True)
        elif not one.value and one.does == "=":
            body.pop(key, None)
        elif one.does != "=" or key in ("links", "figures", "accept"):
            path = ".".join(one.path)
            what = f"{path}.NAME=VALUE" if key in _TABLES else f"{path}={one.value}"
            raise UsageError(f'"{one.word}": {key} is no list; write {what}')
        elif again:
            raise UsageError(f'"{one.word}": {key} is given twice; it takes one value')
        elif key == "reported":
            self._flag(body, key, one)
        else:
            body[key] = self._value(key, one.value)

    def _flag(self, body: dict[str, Any], key: str, one: Assignment) -> None:
        if one.value.lower() not in _FLAGS:
            raise UsageError(f'"{one.word}": write {key}=true or {key}=false')
        value = _FLAGS[one.value.lower()]
        body.pop(key, None)
        if value:
            body[key] = value

    def _value(self, key: str, value: str) -> Any:
        """Return a value as the store has it: as it is written, but a date in its canonical form or as it is shown."""
        if key not in _DATES:
            return value
        from autotimeline.dates import edtf

        if (day := self.day(value)) is not None:
            return day
        try:
            date = edtf.parse(value)
            return value if value == date.shown else date.edtf
        except DateError as error:
            raise DateError(f"{key}: {error}") from None

    def _entry(self, key: str, one: Assignment, again: bool) -> None:
        """Assign to a role, a type of links, or a rule whose findings are accepted."""
        name = ".".join(one.path[1:])
        if key == "actors" and isinstance(self.body.get("actors"), list):
            raise UsageError(f'"{one.word}": the actors have no roles; write actors=… anew, or actors+=ID')
        table = self._table(self.body, key)
        if key == "accept":
            self._text(table, name, one)
        else:
            self._list(table, name, one, again, several=key == "links")

    def _citation(self, one: Assignment) -> None:
        if len(one.path) < 3:
            raise UsageError(f'"{one.word}": write sources+=ID, or sources.ID.quote=TEXT')
        cited = self.body.setdefault("sources", [])
        if isinstance(cited, str):
            cited = self.body["sources"] = [cited]
        id, key = one.path[1], one.path[2]
        at = next((n for n, c in enumerate(cited) if (c.get("id") if isinstance(c, dict) else c) == id), len(cited))
        entry = cited[at] if at < len(cited) else id
        table: dict[str, Any] = dict(entry) if isinstance(entry, dict) else {"id": id}
        if one.path[2:] == ("figures",):
            self._key(table, key, one, again=False)
        elif key == "figures":
            self._figure(self._table(table, key), one.path[3:], one, again=False)
        else:
            self._text(table, key, one)
        cited[at:] = [table if isinstance(entry, dict) or len(table) > 1 else id, *cited[at + 1 :]]

    def _figure(self, figures: dict[str, Any], path: Sequence[str], one: Assignment, again: bool) -> None:
        metric, key = path[0], ".".join(path[1:])
        now = figures.get(metric)
        several = isinstance(now, list)
        found: list[Any] = list(now) if isinstance(now, list) else [] if now is None else [now]
        if one.does == "-=":
            raise UsageError(f'"{one.word}": a figure is taken out with figures.{metric}=')
        if one.does == "=" and not one.value and not key:
            figures.pop(metric, None)
            return
        if not key and (one.does == "+=" or again):
            found, several = [*found, one.value], several or bool(found)
        elif len(found) > 1:
            what = f"there are {len(found)} figures of {metric}"
            raise UsageError(f'"{one.word}": {what}; change them with `autotimeline edit`, or add one with +=')
        else:
            first = found[0] if found else None
            table = dict(first) if isinstance(first, dict) else {} if first is None else {"value": first}
            self._text(table, key or "value", one)
            if not table:
                figures.pop(metric, None)
                return
            # A table stays one: it may be written over several lines, with comments.
            found = [table["value"] if table.keys() == {"value"} and not isinstance(first, dict) else table]
        figures[metric] = found if several else found[0]

    def _text(self, table: dict[str, Any], key: str, one: Assignment) -> None:
        if one.does != "=":
            raise UsageError(f'"{one.word}": {key} is no list; write {".".join(one.path)}={one.value}')
        if one.value:
            table[key] = self._value(key, one.value)
        else:
            table.pop(key, None)

    def _list(self, table: dict[str, Any], key: str, one: Assignment, again: bool, *, several: bool) -> None:
        """Assign to a list of texts; one alone is written as such, where not `several`."""
        now = table.get(key, [])
        if not isinstance(now, list):
            now = [now]
        names = [item.get("id") if isinstance(item, dict) else item for item in now]
        if one.does == "-=":
            if one.value not in names:
                raise UsageError(f'"{one.word}": it is not there{nearest(one.value, [str(n) for n in names])}')
            now = [item for item, name in zip(now, names, strict=True) if name != one.value]
        elif one.does == "+=" or again:
            if one.value in names:
                return
            now = [*now, one.value]
        else:
            now = [one.value] if one.value else []
        if now:
            table[key] = now[0] if len(now) == 1 and not several and isinstance(now[0], str) else now
        else:
            table.pop(key, None)

    def _table(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        found = body.setdefault(key, {})
        if not isinstance(found, dict):
            raise UsageError(f"{key} is no table in the store; change it with `autotimeline edit`")
        return found
