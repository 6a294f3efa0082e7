"""What a file says of a thing that is there, with what is said of it already: what the file is silent about stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.importing.native_rows import flatten_roles, group_by_role

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    Body = dict[str, Any]
    # Of a key, or of one name in the table under it: what is said there, what the file says, and the two together.
    FieldChanges = dict[tuple[str, ...], tuple[Any, Any, Any]]

_DEFAULTS = {"status": "happened", "reported": False}
_EXCLUSIVE_KEYS = {"date": "period", "period": "date"}
# What one of several is that says nothing else.
_MAIN_KEYS = {"figures": "value", "sources": "id"}


class IncomingEvent:
    """What a file says of an event, in the canonical keys of `store.serialize`; an absent key says nothing.

    Args:
        body: The keys.
        own: Those of which the file says all there is, as our own forms do; what others say is added.
        roles: The roles of which it does; None stands for actors without one.
        listed: It is a row of an answer, where a figure without a `basis` is actual.
    """

    def __init__(
        self,
        body: Body,
        complete_keys: Container[str],
        complete_roles: Container[str | None],
        *,
        is_output_row: bool = False,
    ) -> None:
        self.body = body
        self._complete_keys = complete_keys
        self._complete_roles = complete_roles
        self._is_output_row = is_output_row

    def find_changes(self, existing: Body) -> FieldChanges:
        """Return where the file says otherwise than an event with these keys."""
        changes: FieldChanges = {}
        for key, incoming_value in self.body.items():
            existing_value = existing.get(key, _DEFAULTS.get(key))
            if key == "actors":
                self._compare_actors(changes, existing_value)
            elif key in ("figures", "links", "accept"):
                for name, value in incoming_value.items():
                    existing_item = (existing_value or {}).get(name)
                    merged = self._merge_figures(existing_item, value) if key == "figures" else value
                    _record_change(changes, (key, name), existing_item, value, merged)
            elif key == "sources":
                existing_citations, incoming_citations = (
                    _citations_by_source(existing_value or []),
                    _citations_by_source(incoming_value),
                )
                for id, citations in incoming_citations.items():
                    existing_item = existing_citations.get(id)
                    merged = _merge_matching(existing_item or [], citations, self._merge_citation, ("id",))
                    _record_change(changes, (key, id), existing_item, citations, merged)
            elif key in ("places", "tags") and key not in self._complete_keys:
                _record_change(
                    changes, (key,), existing_value, incoming_value, _union(existing_value or [], incoming_value)
                )
            else:
                _record_change(changes, (key,), existing_value, incoming_value, incoming_value)
                if key in _EXCLUSIVE_KEYS and (alternative := existing.get(_EXCLUSIVE_KEYS[key])):
                    changes[(_EXCLUSIVE_KEYS[key],)] = alternative, None, None
        return changes

    def _compare_actors(self, changes: FieldChanges, existing: Any) -> None:
        incoming = self.body["actors"]
        existing_roles, incoming_roles = _ids_by_role(existing), _ids_by_role(incoming)
        if existing_roles and (None in existing_roles) != (None in incoming_roles):
            all_ids = [
                {id for role_ids in roles.values() for id in role_ids} for roles in (existing_roles, incoming_roles)
            ]
            if None in existing_roles or not all_ids[1] <= all_ids[0]:
                # Those without a role get one, where each does; a mixture is told once it is to be written.
                _record_change(
                    changes,
                    ("actors",),
                    existing,
                    incoming,
                    incoming if all_ids[0] <= all_ids[1] else [*flatten_roles(existing), *flatten_roles(incoming)],
                )
            return
        for role, incoming_ids in incoming_roles.items():
            existing_ids = existing_roles.get(role)
            merged = incoming_ids if role in self._complete_roles else _union(existing_ids or [], incoming_ids)
            _record_change(changes, ("actors", role) if role else ("actors",), existing_ids, incoming_ids, merged)

    def _merge_figures(self, existing: Any, incoming: Any) -> list[Body]:
        return _merge_matching(
            _as_tables(existing, "value"), _as_tables(incoming, "value"), self._merge_figure, ("of", "period")
        )

    def _merge_figure(self, existing: Body, incoming: Body) -> Body:
        merged = {**existing, **incoming}
        if self._is_output_row and "basis" not in incoming:
            merged.pop("basis", None)
        if self._is_output_row and "printed" in incoming and "value" not in incoming:
            merged.pop("value", None)
        return merged

    def _merge_citation(self, existing: Body, incoming: Body) -> Body:
        merged = {**existing, **incoming}
        if "figures" in existing and "figures" in incoming:
            figures = {
                metric: self._merge_figures(existing["figures"].get(metric), incoming["figures"][metric])
                for metric in incoming["figures"]
            }
            merged["figures"] = {
                **existing["figures"],
                **{metric: _collapse_tables(value, "value") for metric, value in figures.items()},
            }
        return merged


def apply_changes(body: Body, changes: FieldChanges) -> None:
    """Let the keys of an event, as they are written, say what has changed.

    Raises:
        CellError: where some actors would have a role and some have none.
    """
    for path, (_, _, merged) in changes.items():
        key, *names = path
        if not names:
            if key == "actors" and merged and isinstance(merged[0], tuple):
                merged = group_by_role(merged)
            body.pop(key, None)
            if merged is not None:
                body[key] = merged
        elif key == "sources":
            body[key] = _replace_citations(body.get(key, []), names[0], merged)
        else:
            body[key] = {
                **body.get(key, {}),
                names[0]: _collapse_tables(merged, "value") if key == "figures" else merged,
            }


def flatten_changes(changes: FieldChanges, new_index: int) -> dict[str, tuple[Any, Any]]:
    """Return (what was said, what is) by key: what the file says (`which` 1), or what comes of both (2)."""
    result: dict[str, tuple[Any, Any]] = {}
    for path, change in changes.items():
        name, old, new = ".".join(path), change[0], change[new_index]
        if path[0] in _MAIN_KEYS:
            main_key = _MAIN_KEYS[path[0]]
            before, after = _as_tables(old, main_key), _as_tables(new, main_key)
            if len(before) == len(after) == 1:
                result |= {
                    f"{name}.{key}": (before[0].get(key), after[0].get(key))
                    for key in dict.fromkeys((*before[0], *after[0]))
                    if before[0].get(key) != after[0].get(key) and (new_index == 2 or key in after[0])
                }
                continue
            old, new = old and _collapse_tables(before, main_key), _collapse_tables(after, main_key)
        elif new and path == ("actors",):
            new = [actor if isinstance(actor, str) else actor[1] for actor in new] if isinstance(new, list) else new
        result[name] = old, new
    return result


def _record_change(changes: FieldChanges, path: tuple[str, ...], old: Any, new: Any, merged: Any) -> None:
    existing = _as_tables(old, "value") if path[0] == "figures" else old
    if merged != existing:
        changes[path] = old, new, merged


def _union(old: list[str], new: list[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _ids_by_role(actors: Any) -> dict[str | None, list[str]]:
    result: dict[str | None, list[str]] = {}
    for role, id in flatten_roles(actors):
        result.setdefault(role, []).append(id)
    return result


def _as_tables(value: Any, key: str) -> list[Body]:
    """Return one or several, each as a table or as that key of it alone, as tables."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [item if isinstance(item, dict) else {key: item} for item in items]


def _collapse_tables(bodies: list[Body], key: str) -> Any:
    """Return the inverse of `_bodies`, as short as it can be."""
    items = [body[key] if body.keys() == {key} else body for body in bodies]
    return items[0] if len(items) == 1 else items


def _citations_by_source(citations: list[Any]) -> dict[str, list[Body]]:
    result: dict[str, list[Body]] = {}
    for citation in _as_tables(citations, "id"):
        result.setdefault(citation["id"], []).append(citation)
    return result


def _replace_citations(existing: Any, source_id: str, merged: list[Body]) -> list[Any]:
    """Return citations with these in the place of those of a source."""
    remaining = [body["id"] if body.keys() == {"id"} else body for body in merged]
    result = []
    for citation in existing if isinstance(existing, list) else [existing]:
        is_same_source = (citation["id"] if isinstance(citation, dict) else citation) == source_id
        result.append(remaining.pop(0) if is_same_source else citation)
    return [*result, *remaining]


def _merge_matching(
    existing: list[Body],
    incoming: list[Body],
    merge_pair: Callable[[Body, Body], Body],
    identifying_keys: tuple[str, ...],
) -> list[Body]:
    """Return the old ones, each with what a new one says of it, and behind them the new ones that are of none.

    A new one is of an old one that says the same and perhaps more, else of the one that has these names, else, where
    as many are left of both, of that in its place.
    """
    result, matches = list(existing), dict[int, int]()

    def match_by(predicate: Callable[[Body, Body], bool], *, unambiguous: bool) -> None:
        for number, body in enumerate(incoming):
            if number in matches:
                continue
            candidates = [
                index
                for index, old_item in enumerate(existing)
                if index not in matches.values() and predicate(old_item, body)
            ]
            if candidates and (len(candidates) == 1 or not unambiguous):
                matches[number] = candidates[0]

    match_by(lambda there, body: merge_pair(there, body) == there, unambiguous=False)
    match_by(
        lambda there, body: (
            [there.get(name) for name in identifying_keys] == [body.get(name) for name in identifying_keys]
        ),
        unambiguous=True,
    )
    if len(existing) == len(incoming):
        match_by(lambda there, body: True, unambiguous=False)
    for number, body in enumerate(incoming):
        if number in matches:
            result[matches[number]] = merge_pair(existing[matches[number]], body)
        else:
            result.append(body)
    return result
