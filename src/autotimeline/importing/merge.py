"""The changes that an imported event makes to an existing one; keys that it does not have are unchanged."""

from collections.abc import Callable, Container
from typing import Any

from autotimeline.editing.printed import date_words_are_stale, words_are_stale
from autotimeline.importing.missing_values import is_missing
from autotimeline.importing.row_reader import flatten_roles, group_by_role
from autotimeline.keys import EVENT
from autotimeline.store.serialize import collapse_table, collapse_tables, group_by_key

Body = dict[str, Any]
# The existing, the incoming, and the merged value, by key or (key, name in its table).
FieldChanges = dict[tuple[str, ...], tuple[Any, Any, Any]]

_EXCLUSIVE_KEYS = {"date": "period", "period": "date"}
# The key of an item that has no other key, written without a table.
_MAIN_KEYS = {"figures": "value", "sources": "id"}


class IncomingEvent:
    """An imported event.

    Args:
        body: Its keys, as `store.serialize` writes them; a missing key changes nothing.
        complete_keys: The keys whose values replace the existing ones; other lists add to them.
        complete_roles: The roles whose actors replace the existing ones; None for actors without a role.
        is_output_row: Whether it is a row of a query's output, in which a figure without `basis` is actual.
        missing_texts: Words in it that state that there is no value.
    """

    def __init__(
        self,
        body: Body,
        complete_keys: Container[str],
        complete_roles: Container[str | None],
        *,
        is_output_row: bool = False,
        missing_texts: Container[str] = (),
    ) -> None:
        self.body = body
        self._missing_texts = missing_texts
        self._complete_keys = complete_keys
        self._complete_roles = complete_roles
        self._is_output_row = is_output_row

    def find_changes(self, existing: Body) -> FieldChanges:
        """Return the changes of an event with these keys."""
        changes: FieldChanges = {}
        is_dated = not existing.keys().isdisjoint(_EXCLUSIVE_KEYS)
        for key, incoming_value in self.body.items():
            if key == "printed" and is_dated and self._is_missing(incoming_value):
                continue  # "n.d." states nothing about an event with a date.
            type, existing_value = EVENT[key].type, existing.get(key, EVENT[key].default)
            if type == "actors":
                self._compare_actors(changes, existing_value)
            elif type in ("figures", "links", "reasons"):
                for name, value in incoming_value.items():
                    existing_item = (existing_value or {}).get(name)
                    merged = self._merge_figures(existing_item, value) if type == "figures" else value
                    _record_change(changes, (key, name), existing_item, value, merged)
            elif type == "citations":
                existing_citations = _citations_by_source(existing_value or [])
                for id, citations in _citations_by_source(incoming_value).items():
                    existing_item = existing_citations.get(id)
                    merged = _merge_matching(existing_item or [], citations, self._merge_citation, ("id",))
                    _record_change(changes, (key, id), existing_item, citations, merged)
            else:
                is_partial = type in ("texts", "tags") and key not in self._complete_keys
                merged = _union(existing_value or [], incoming_value) if is_partial else incoming_value
                _record_change(changes, (key,), existing_value, incoming_value, merged)
                if key in _EXCLUSIVE_KEYS and (alternative := existing.get(_EXCLUSIVE_KEYS[key])):
                    changes[(_EXCLUSIVE_KEYS[key],)] = alternative, None, None
        if date_words_are_stale(existing, self.body) and ("printed",) not in changes:
            changes[("printed",)] = existing["printed"], None, None
        return changes

    def _is_missing(self, text: Any) -> bool:
        return text in self._missing_texts or is_missing(text)

    def _compare_actors(self, changes: FieldChanges, existing: Any) -> None:
        incoming = self.body["actors"]
        existing_roles, incoming_roles = (group_by_key(flatten_roles(actors)) for actors in (existing, incoming))
        if existing_roles and (None in existing_roles) != (None in incoming_roles):
            existing_pairs, incoming_pairs = flatten_roles(existing), flatten_roles(incoming)
            existing_ids, incoming_ids = ({id for _, id in pairs} for pairs in (existing_pairs, incoming_pairs))
            if None in existing_roles or not incoming_ids <= existing_ids:
                # If only some actors have a role, `apply_changes` fails.
                merged = incoming if existing_ids <= incoming_ids else [*existing_pairs, *incoming_pairs]
                _record_change(changes, ("actors",), existing, incoming, merged)
            return
        for role, ids in incoming_roles.items():
            merged = ids if role in self._complete_roles else _union(existing_roles.get(role, []), ids)
            _record_change(changes, ("actors", role) if role else ("actors",), existing_roles.get(role), ids, merged)

    def _merge_figures(self, existing: Any, incoming: Any) -> list[Body]:
        tables = _as_tables(existing, "value"), _as_tables(incoming, "value")
        return _merge_matching(*tables, self._merge_figure, ("of", "holder", "period"))

    def _merge_figure(self, existing: Body, incoming: Body) -> Body:
        states_nothing = "value" not in incoming and self._is_missing(incoming.get("printed"))
        if states_nothing and "value" in existing and not self._is_output_row:
            return existing
        merged = {**existing, **incoming}
        if "printed" not in incoming and words_are_stale(existing, merged):
            del merged["printed"]
        if self._is_output_row and "basis" not in incoming:
            merged.pop("basis", None)
        if self._is_output_row and "printed" in incoming and "value" not in incoming:
            merged.pop("value", None)
        return merged

    def _merge_citation(self, existing: Body, incoming: Body) -> Body:
        merged = {**existing, **incoming}
        if "figures" in existing and "figures" in incoming:
            merged["figures"] = dict(existing["figures"])
            for metric, value in incoming["figures"].items():
                figures = self._merge_figures(existing["figures"].get(metric), value)
                merged["figures"][metric] = collapse_tables(figures, "value")
        return merged


def apply_changes(body: Body, changes: FieldChanges) -> None:
    """Apply changes to the keys of an event, or raise CellError if only some actors would have a role."""
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
            value = collapse_tables(merged, "value") if key == "figures" else merged
            body[key] = {**body.get(key, {}), names[0]: value}


def flatten_changes(changes: FieldChanges, new_index: int) -> dict[str, tuple[Any, Any]]:
    """Return the existing and the incoming (`new_index` 1) or merged (2) value, by dotted key."""
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
            old, new = old and collapse_tables(before, main_key), collapse_tables(after, main_key)
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


def _as_tables(value: Any, key: str) -> list[Body]:
    """Return one or several values as tables; a value that is not a table is that of the key."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [item if isinstance(item, dict) else {key: item} for item in items]


def _citations_by_source(citations: list[Any]) -> dict[str, list[Body]]:
    return group_by_key((citation["id"], citation) for citation in _as_tables(citations, "id"))


def _replace_citations(existing: Any, source_id: str, merged: list[Body]) -> list[Any]:
    """Return the citations with those of a source replaced."""
    remaining = [collapse_table(body, "id") for body in merged]
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
    """Return the existing items, each merged with the incoming one that matches it, and then the other incoming ones.

    An incoming item matches an existing one that has all its values, else the only one with the same identifying keys,
    else, in lists of one length, the next one.
    """
    result, matches = list(existing), dict[int, int]()

    def match_by(predicate: Callable[[Body, Body], bool], *, unambiguous: bool) -> None:
        for number, body in enumerate(incoming):
            if number in matches:
                continue
            unmatched = [index for index in range(len(existing)) if index not in matches.values()]
            candidates = [index for index in unmatched if predicate(existing[index], body)]
            if candidates and (len(candidates) == 1 or not unambiguous):
                matches[number] = candidates[0]

    match_by(lambda old, new: merge_pair(old, new) == old, unambiguous=False)
    match_by(lambda old, new: all(old.get(key) == new.get(key) for key in identifying_keys), unambiguous=True)
    if len(existing) == len(incoming):
        match_by(lambda old, new: True, unambiguous=False)
    for number, body in enumerate(incoming):
        if number in matches:
            result[matches[number]] = merge_pair(existing[matches[number]], body)
        else:
            result.append(body)
    return result
