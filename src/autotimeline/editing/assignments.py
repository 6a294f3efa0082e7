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
from autotimeline.text import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

SETTABLE_KEYS = {
    "event": (
        *("date", "period", "printed", "known", "title", "kind", "status", "reported", "actors", "places", "tags"),
        *("figures", "sources", "links", "accept", "note"),
    ),
    "source": ("title", "published", "url", "file", "origin", "status", "note"),
    "actor": ("name", "aliases", "kind", "part_of", "note"),
    "era": ("name", "period", "note"),
}
"""The keys that a word may set, by what has them, in the order in which they are written."""
QUERY_FIELDS_BY_KEY = {
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
_LIST_KEYS = ("places", "tags", "aliases", "part_of", "actors", "sources")
_TABLE_KEYS = ("actors", "links", "figures", "accept", "sources")
_DATE_KEYS = ("date", "period", "known", "published")
_BOOLEANS = {"true": True, "yes": True, "false": None, "no": None}


class Assignment:
    """One word: its path, what it does (`=`, `+=`, `-=`) and its value."""

    __slots__ = ("operator", "path", "text", "value")

    def __init__(self, path: Sequence[str], operator: str, value: str) -> None:
        self.path = tuple(path)
        self.operator = operator
        self.value = value
        self.text = f"{'.'.join(path)}{operator}{value}"


def parse_assignment(text: str) -> Assignment:
    """Return what a word assigns.

    Raises:
        UsageError: where it assigns nothing.
    """
    name, equals, value = text.partition("=")
    operator = name[-1:] + "=" if name[-1:] in ("+", "-") else "="
    name = name[:-1] if len(operator) > 1 else name
    path = name.strip().split(".")
    if not equals or not all(path):
        raise UsageError(f'"{text}": write FIELD=VALUE, as kind=deal, tags+=ev or figures.investment="~2bn EUR"')
    return Assignment(path, operator, value.strip())


def apply_assignments(
    kind: str, body: dict[str, Any], assignments: Iterable[Assignment], resolve_day: Any = lambda text: None
) -> dict[str, Any]:
    """Return the keys of a body after assignments, in the order in which they stand; what is new comes last.

    Args:
        kind: `event`, `source`, `actor` or `era`.
        body: The keys as they are; they stay so.
        assignments: What is to be; those with `=` to one path make a list together.
        resolve_day: Returns the day (ISO 8601) that a relative word stands for, None where it is none.

    Raises:
        UsageError: where one fits no key.
    """
    from copy import deepcopy

    if kind not in SETTABLE_KEYS:
        raise UsageError(f"{kind}: it has no fields to set; change it with `autotimeline edit`")
    body = deepcopy(body)
    paths: set[tuple[str, ...]] = set()
    for assignment in assignments:
        is_repeated = assignment.operator == "=" and assignment.path in paths
        paths.add(assignment.path)
        _BodyEditor(kind, body, resolve_day).assign(assignment, is_repeated=is_repeated)
    return body


class _BodyEditor:
    """The keys of one thing."""

    def __init__(self, kind: str, body: dict[str, Any], resolve_day: Any) -> None:
        self.kind = kind
        self.body = body
        self.resolve_day = resolve_day

    def assign(self, assignment: Assignment, *, is_repeated: bool) -> None:
        key, known = assignment.path[0], SETTABLE_KEYS[self.kind]
        if key == "id":
            raise UsageError("an id is changed with `autotimeline rename OLD NEW`, which changes what names it too")
        if (
            key not in known
            and assignment.operator == "="
            and not assignment.value
            and assignment.path == (key,)
            and key in self.body
        ):
            # What never fitted may go.
            del self.body[key]
            return
        if key not in known:
            raise UsageError(f'{self.kind}: no field "{key}"{suggest(key, known)}; there are {", ".join(known)}')
        if len(assignment.path) == 1:
            self._assign_key(self.body, key, assignment, is_repeated)
        elif key not in _TABLE_KEYS:
            raise UsageError(f'"{assignment.text}": {key} has no parts; write {key}=VALUE')
        elif key == "sources":
            self._assign_citation(assignment)
        elif key == "figures":
            self._assign_figure(self._get_table(self.body, "figures"), assignment.path[1:], assignment, is_repeated)
        else:
            self._assign_entry(key, assignment, is_repeated)
        if not self.body.get(key, True):
            del self.body[key]

    def _assign_key(self, body: dict[str, Any], key: str, assignment: Assignment, is_repeated: bool) -> None:
        if key in _LIST_KEYS and not (assignment.operator == "=" and not assignment.value):
            if isinstance(body.get(key), dict) and assignment.operator != "=":
                raise UsageError(
                    f'"{assignment.text}": the actors have roles; write actors.ROLE{assignment.operator}{assignment.value}'
                )
            self._assign_list(body, key, assignment, is_repeated, always_list=True)
        elif not assignment.value and assignment.operator == "=":
            body.pop(key, None)
        elif assignment.operator != "=" or key in ("links", "figures", "accept"):
            path = ".".join(assignment.path)
            what = f"{path}.NAME=VALUE" if key in _TABLE_KEYS else f"{path}={assignment.value}"
            raise UsageError(f'"{assignment.text}": {key} is no list; write {what}')
        elif is_repeated:
            raise UsageError(f'"{assignment.text}": {key} is given twice; it takes one value')
        elif key == "reported":
            self._assign_boolean(body, key, assignment)
        else:
            body[key] = self._convert_value(key, assignment.value)

    def _assign_boolean(self, body: dict[str, Any], key: str, assignment: Assignment) -> None:
        if assignment.value.lower() not in _BOOLEANS:
            raise UsageError(f'"{assignment.text}": write {key}=true or {key}=false')
        value = _BOOLEANS[assignment.value.lower()]
        body.pop(key, None)
        if value:
            body[key] = value

    def _convert_value(self, key: str, value: str) -> Any:
        """Return a value as the store has it: as it is written, but a date in its canonical form or as it is shown."""
        if key not in _DATE_KEYS:
            return value
        from autotimeline.dates import edtf

        if (iso_day := self.resolve_day(value)) is not None:
            return iso_day
        try:
            date = edtf.parse_date(value)
            return value if value == date.shown else date.edtf
        except DateError as error:
            raise DateError(f"{key}: {error}") from None

    def _assign_entry(self, key: str, assignment: Assignment, is_repeated: bool) -> None:
        """Assign to a role, a type of links, or a rule whose findings are accepted."""
        name = ".".join(assignment.path[1:])
        if key == "actors" and isinstance(self.body.get("actors"), list):
            raise UsageError(f'"{assignment.text}": the actors have no roles; write actors=… anew, or actors+=ID')
        table = self._get_table(self.body, key)
        if key == "accept":
            self._assign_text(table, name, assignment)
        else:
            self._assign_list(table, name, assignment, is_repeated, always_list=key == "links")

    def _assign_citation(self, assignment: Assignment) -> None:
        if len(assignment.path) < 3:
            raise UsageError(f'"{assignment.text}": write sources+=ID, or sources.ID.quote=TEXT')
        citations = self.body.setdefault("sources", [])
        if isinstance(citations, str):
            citations = self.body["sources"] = [citations]
        id, key = assignment.path[1], assignment.path[2]
        index = next(
            (n for n, c in enumerate(citations) if (c.get("id") if isinstance(c, dict) else c) == id), len(citations)
        )
        entry = citations[index] if index < len(citations) else id
        table: dict[str, Any] = dict(entry) if isinstance(entry, dict) else {"id": id}
        if assignment.path[2:] == ("figures",):
            self._assign_key(table, key, assignment, is_repeated=False)
        elif key == "figures":
            self._assign_figure(self._get_table(table, key), assignment.path[3:], assignment, is_repeated=False)
        else:
            self._assign_text(table, key, assignment)
        citations[index:] = [table if isinstance(entry, dict) or len(table) > 1 else id, *citations[index + 1 :]]

    def _assign_figure(
        self, figures: dict[str, Any], path: Sequence[str], assignment: Assignment, is_repeated: bool
    ) -> None:
        metric, key = path[0], ".".join(path[1:])
        current = figures.get(metric)
        is_list = isinstance(current, list)
        values: list[Any] = list(current) if isinstance(current, list) else [] if current is None else [current]
        if assignment.operator == "-=":
            raise UsageError(f'"{assignment.text}": a figure is taken out with figures.{metric}=')
        if assignment.operator == "=" and not assignment.value and not key:
            figures.pop(metric, None)
            return
        if not key and (assignment.operator == "+=" or is_repeated):
            values, is_list = [*values, assignment.value], is_list or bool(values)
        elif len(values) > 1:
            what = f"there are {len(values)} figures of {metric}"
            raise UsageError(f'"{assignment.text}": {what}; change them with `autotimeline edit`, or add one with +=')
        else:
            first = values[0] if values else None
            table = dict(first) if isinstance(first, dict) else {} if first is None else {"value": first}
            self._assign_text(table, key or "value", assignment)
            if not table:
                figures.pop(metric, None)
                return
            # A table stays one: it may be written over several lines, with comments.
            values = [table["value"] if table.keys() == {"value"} and not isinstance(first, dict) else table]
        figures[metric] = values if is_list else values[0]

    def _assign_text(self, table: dict[str, Any], key: str, assignment: Assignment) -> None:
        if assignment.operator != "=":
            raise UsageError(
                f'"{assignment.text}": {key} is no list; write {".".join(assignment.path)}={assignment.value}'
            )
        if assignment.value:
            table[key] = self._convert_value(key, assignment.value)
        else:
            table.pop(key, None)

    def _assign_list(
        self, table: dict[str, Any], key: str, assignment: Assignment, is_repeated: bool, *, always_list: bool
    ) -> None:
        """Assign to a list of texts; one alone is written as such, where not `several`."""
        current = table.get(key, [])
        if not isinstance(current, list):
            current = [current]
        names = [item.get("id") if isinstance(item, dict) else item for item in current]
        if assignment.operator == "-=":
            if assignment.value not in names:
                raise UsageError(
                    f'"{assignment.text}": it is not there{suggest(assignment.value, [str(n) for n in names])}'
                )
            current = [item for item, name in zip(current, names, strict=True) if name != assignment.value]
        elif assignment.operator == "+=" or is_repeated:
            if assignment.value in names:
                return
            current = [*current, assignment.value]
        else:
            current = [assignment.value] if assignment.value else []
        if current:
            table[key] = (
                current[0] if len(current) == 1 and not always_list and isinstance(current[0], str) else current
            )
        else:
            table.pop(key, None)

    def _get_table(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        table = body.setdefault(key, {})
        if not isinstance(table, dict):
            raise UsageError(f"{key} is no table in the store; change it with `autotimeline edit`")
        return table
