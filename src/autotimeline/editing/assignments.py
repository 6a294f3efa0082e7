"""Assignments such as `kind=deal`, `tags+=ev`, and `actors.buyer=stellantis`, applied to the keys of an entry.

    FIELD=VALUE      set the field; several times, set it to a list
    FIELD+=VALUE     add to a list
    FIELD-=VALUE     remove from a list
    FIELD=           delete the field

A field is a key of the store (`title`, `places`), or a path: `actors.ROLE`, `links.TYPE`, `figures.METRIC`,
`figures.METRIC.KEY` (`of`, `period`, `basis`, …), `sources.ID.KEY` (`quote`, `by`, `date`, …), `accept.RULE`.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any

from autotimeline.dates import edtf
from autotimeline.editing.printed import DATE_PATHS, date_words, replace_date_words, words_are_stale
from autotimeline.errors import DateError, UsageError
from autotimeline.keys import CITATION, FIGURE, KEYS, Key
from autotimeline.schema import SETTABLE_KINDS
from autotimeline.text import suggest, suggest_or_list

_LIST_TYPES = ("texts", "ids", "tags", "actors", "citations")
_TABLE_TYPES = ("actors", "citations", "figures", "links", "reasons")
_DATE_KEYS = frozenset(
    key.name for keys in (*KEYS.values(), CITATION, FIGURE) for key in keys.values() if key.type == "date"
)
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


class Assignment:
    """One assignment: the path of the field, the operator (`=`, `+=`, or `-=`), and the value."""

    __slots__ = ("operator", "path", "text", "value")

    def __init__(self, path: Sequence[str], operator: str, value: str) -> None:
        self.path = tuple(path)
        self.operator = operator
        self.value = value
        self.text = f"{'.'.join(path)}{operator}{value}"


def parse_assignment(text: str) -> Assignment:
    """Parse `FIELD=VALUE`, or raise UsageError."""
    name, equals, value = text.partition("=")
    operator = name[-1:] + "=" if name[-1:] in ("+", "-") else "="
    name = name[:-1] if len(operator) > 1 else name
    path = name.strip().split(".")
    if not equals or not all(path):
        raise UsageError(f'"{text}": write FIELD=VALUE, as kind=deal, tags+=ev or figures.investment="~2bn EUR"')
    return Assignment(path, operator, value.strip())


def apply_assignments(
    kind: str,
    body: dict[str, Any],
    assignments: Iterable[Assignment],
    resolve_day: Callable[[str], str | None] = lambda text: None,
    *,
    ignore_missing: bool = False,
) -> dict[str, Any]:
    """Return a copy of a body with the assignments applied in order, or raise UsageError; new keys come last.

    Several assignments with `=` to one path set a list. `resolve_day` returns the day (ISO 8601) of a relative date.
    The words of a date or an amount go with it; `printed` keeps those of a new date, unless they are relative.
    With `ignore_missing`, `-=` may name an item that the list does not have.
    """
    if kind not in SETTABLE_KINDS:
        raise UsageError(f"{kind}: it has no fields to set; change it with `autotimeline edit`")
    existing, body = body, deepcopy(body)
    paths: set[tuple[str, ...]] = set()
    words = None
    for assignment in assignments:
        for path in paths if assignment.operator == "=" else ():
            if path != assignment.path and path[: len(assignment.path)] == assignment.path:
                what = "each actor has a role, or none has" if path[0] == "actors" else "keep one of them"
                raise UsageError(f'"{assignment.text}": it overwrites {".".join(path)}; {what}')
        is_repeated = assignment.operator == "=" and assignment.path in paths
        paths.add(assignment.path)
        editor = _BodyEditor(
            kind, body, assignment, resolve_day, is_repeated=is_repeated, ignore_missing=ignore_missing
        )
        editor.apply()
        if assignment.path in DATE_PATHS and assignment.value and resolve_day(assignment.value) is None:
            words = date_words(assignment.value, edtf.parse_typed_date(assignment.value))
    if kind == "event" and ("printed",) not in paths:
        replace_date_words(existing, body, words)
    return body


class _BodyEditor:
    """Applies one assignment to the keys of an entry."""

    def __init__(
        self,
        kind: str,
        body: dict[str, Any],
        assignment: Assignment,
        resolve_day: Any,
        *,
        is_repeated: bool,
        ignore_missing: bool,
    ) -> None:
        self.kind = kind
        self.body = body
        self.path, self.operator, self.value = assignment.path, assignment.operator, assignment.value
        self.text = assignment.text
        self.resolve_day = resolve_day
        self.is_repeated = is_repeated
        self.ignore_missing = ignore_missing
        self.deletes = self.operator == "=" and not self.value

    def apply(self) -> None:
        key = self.path[0]
        if key == "id":
            raise UsageError("an id is changed with `autotimeline rename OLD NEW`, which changes what names it too")
        declared = KEYS[self.kind].get(key)
        if not declared and self.deletes and self.path == (key,) and key in self.body:
            # An unknown key can be deleted.
            del self.body[key]
            return
        if not declared:
            known = [name for name in KEYS[self.kind] if name != "id"]
            raise UsageError(f'{self.kind}: no field "{key}"{suggest_or_list(key, known)}')
        if len(self.path) == 1:
            self._assign_key(self.body, declared)
        elif declared.type not in _TABLE_TYPES:
            raise self._error(f"{key} has no parts; write {key}=VALUE")
        elif declared.type == "citations":
            self._assign_citation()
        elif declared.type == "figures":
            append = self.operator == "+=" or self.is_repeated
            self._assign_figure(self._get_table(self.body, key), self.path[1:], append=append)
        else:
            self._assign_entry(key)
        if not self.body.get(key, True):
            del self.body[key]

    def _error(self, message: str) -> UsageError:
        return UsageError(f'"{self.text}": {message}')

    def _assign_key(self, body: dict[str, Any], declared: Key) -> None:
        key = declared.name
        if self.deletes:
            body.pop(key, None)
        elif declared.type in _LIST_TYPES:
            if isinstance(body.get(key), dict) and self.operator != "=":
                raise self._error(f"the actors have roles; write actors.ROLE{self.operator}{self.value}")
            self._assign_list(body, key, always_list=True)
        elif self.operator != "=" or declared.type in _TABLE_TYPES:
            path = ".".join(self.path)
            what = f"{path}.NAME=VALUE" if declared.type in _TABLE_TYPES else f"{path}={self.value}"
            raise self._error(f"{key} is not a list; write {what}")
        elif self.is_repeated:
            raise self._error(f"{key} is given twice; it takes one value")
        elif declared.type != "flag":
            body[key] = self._convert_value(key)
        elif self.value.lower() not in _BOOLEANS:
            raise self._error(f"write {key}=true or {key}=false")
        else:
            body.pop(key, None)
            if _BOOLEANS[self.value.lower()]:
                body[key] = True

    def _convert_value(self, key: str) -> str:
        """Return the value as the store has it: a date as in files, or as written if that is how it is displayed."""
        if key not in _DATE_KEYS:
            return self.value
        iso_day: str | None = self.resolve_day(self.value)
        if iso_day is not None:
            return iso_day
        try:
            date = edtf.parse_typed_date(self.value)
        except DateError as error:
            raise DateError(f"{key}: {error}") from None
        return self.value if self.value == date.shown else edtf.date_to_toml(date)

    def _assign_entry(self, key: str) -> None:
        """Assign to a role, a link type, or an accepted rule."""
        name = ".".join(self.path[1:])
        if key == "actors" and isinstance(self.body.get("actors"), list):
            raise self._error("the actors have no roles; write actors=… anew, or actors+=ID")
        table = self._get_table(self.body, key)
        if key == "accept":
            self._assign_text(table, name)
        else:
            self._assign_list(table, name, always_list=key == "links")

    def _assign_citation(self) -> None:
        if len(self.path) < 3:
            raise self._error("write sources+=ID, or sources.ID.quote=TEXT")
        citations = self.body.setdefault("sources", [])
        if isinstance(citations, str):
            citations = self.body["sources"] = [citations]
        id, key = self.path[1:3]
        ids = [citation.get("id") if isinstance(citation, dict) else citation for citation in citations]
        index = ids.index(id) if id in ids else len(ids)
        current = citations[index] if index < len(ids) else id
        table: dict[str, Any] = dict(current) if isinstance(current, dict) else {"id": id}
        if self.path[2:] == ("figures",):
            self._assign_key(table, CITATION[key])
        elif key == "figures":
            self._assign_figure(self._get_table(table, key), self.path[3:], append=self.operator == "+=")
        else:
            self._assign_text(table, key)
        citations[index : index + 1] = [table if isinstance(current, dict) or len(table) > 1 else id]

    def _assign_figure(self, figures: dict[str, Any], path: Sequence[str], *, append: bool) -> None:
        metric, key = path[0], ".".join(path[1:])
        current = figures.get(metric)
        is_list = isinstance(current, list)
        values: list[Any] = list(current) if isinstance(current, list) else [] if current is None else [current]
        if self.operator == "-=":
            raise self._error(f"a figure is taken out with figures.{metric}=")
        if self.deletes and not key:
            figures.pop(metric, None)
            return
        if append and not key:
            values, is_list = [*values, self.value], is_list or bool(values)
        elif len(values) > 1:
            what = f"there are {len(values)} figures of {metric}"
            raise self._error(f"{what}; change them with `autotimeline edit`, or add one with +=")
        else:
            first = values[0] if values else None
            table = dict(first) if isinstance(first, dict) else {} if first is None else {"value": first}
            before = dict(table)
            self._assign_text(table, key or "value")
            if words_are_stale(before, table):
                del table["printed"]
            if not table:
                figures.pop(metric, None)
                return
            # A table remains a table, because it may have several lines and comments.
            values = [table["value"] if table.keys() == {"value"} and not isinstance(first, dict) else table]
        figures[metric] = values if is_list else values[0]

    def _assign_text(self, table: dict[str, Any], key: str) -> None:
        if self.operator != "=":
            raise self._error(f"{key} is not a list; write {'.'.join(self.path)}={self.value}")
        if self.value:
            table[key] = self._convert_value(key)
        else:
            table.pop(key, None)

    def _assign_list(self, table: dict[str, Any], key: str, *, always_list: bool) -> None:
        """Assign to a list of texts; unless `always_list`, a single text is written without a list."""
        current = table.get(key, [])
        current = current if isinstance(current, list) else [current]
        names = [item.get("id") if isinstance(item, dict) else item for item in current]
        if self.operator == "-=":
            if self.value not in names:
                if self.ignore_missing:
                    return
                raise self._error(f"not in the list{suggest(self.value, [str(name) for name in names])}")
            current = [item for item, name in zip(current, names, strict=True) if name != self.value]
        elif self.operator == "=" and not self.is_repeated:
            current = [self.value] if self.value else []
        elif self.value in names:
            return
        else:
            current = [*current, self.value]
        if current:
            is_single = len(current) == 1 and not always_list and isinstance(current[0], str)
            table[key] = current[0] if is_single else current
        else:
            table.pop(key, None)

    def _get_table(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        table = body.setdefault(key, {})
        if not isinstance(table, dict):
            raise UsageError(f"{key} is not a table in the store; change it with `autotimeline edit`")
        return table
