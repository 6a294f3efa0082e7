"""References to an id: finding, replacing, and removing them."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from autotimeline.editing.draft import Draft
from autotimeline.index import locations
from autotimeline.keys import CITATION, FIGURE, KEYS, Key
from autotimeline.store.serialize import as_list

# The query fields that take an id of a kind.
_QUERY_FIELDS = {
    "event": "id",
    "actor": "actor|group",
    "source": "source",
    "era": "era|date|since|until|known|near",
    "metric": "metric",
}


def find_referencing_keys(draft: Draft, kind: str, id: str) -> list[tuple[str, str, list[str]]]:
    """Return (kind, id, keys) of every entry that refers to an id, with the keys that do."""
    result = []
    for holder, name in locations.find_references(draft.timeline.index, id):
        _, keys = replace_references(holder, draft.read_body(holder, name), kind, id, None)
        own_keys = [key for key in keys if holder != "alias" or key == name]
        if own_keys:
            result.append((holder, name, own_keys))
    return result


def replace_references(
    holder: str, body: dict[str, Any], kind: str, old: str, new: str | None
) -> tuple[dict[str, Any], list[str]]:
    """Return a body of the kind `holder` with references to `old` replaced, and the keys that had them.

    Without `new`, references are removed from lists; elsewhere they remain.
    """
    body = deepcopy(body)
    if holder == "alias":
        return body, _rewrite_queries(body, kind, old, new)
    if kind == "metric":
        return body, _rename_metric(body, old, new or old)
    rewriter = _ReferenceRewriter(lambda key, id: new if key.refers == kind and id == old else id)
    rewriter.rewrite_table(body, KEYS[holder])
    return body, rewriter.keys


def resolve_references(holder: str, body: dict[str, Any], resolve: Callable[[str, str], str]) -> dict[str, Any]:
    """Return a body with each reference replaced by what `resolve` returns for its kind and text."""
    body = deepcopy(body)
    rewriter = _ReferenceRewriter(lambda key, text: text if key.type == "text" else resolve(key.refers, text))
    rewriter.rewrite_table(body, KEYS[holder])
    return body


class _ReferenceRewriter:
    """Replaces each reference in a body: `replace` returns the new id for a key and an id, or None to remove it."""

    def __init__(self, replace: Callable[[Key, str], str | None]) -> None:
        self._replace = replace
        self.keys: list[str] = []

    def rewrite_table(self, body: dict[str, Any], keys: Mapping[str, Key], prefix: str = "") -> None:
        """Replace the references in the keys of a table; `prefix` is its path."""
        for key in keys.values():
            if key.name in body:
                self._rewrite_key(body, key, prefix + key.name)

    def _rewrite_key(self, body: dict[str, Any], key: Key, path: str) -> None:
        value = body[key.name]
        if key.type in ("actors", "links") and isinstance(value, dict):
            for group in list(value):
                self._rewrite_list(value, group, key, f"{path}.{group}")
            if not value:
                del body[key.name]
        elif key.type in ("actors", "ids", "citations"):
            self._rewrite_list(body, key.name, key, path)
            for citation in body.get(key.name, ()) if key.type == "citations" else ():
                if isinstance(citation, dict):
                    self.rewrite_table(citation, CITATION, f"{path}.")
        elif key.type == "figures":
            for metric, figures in value.items():
                value[metric] = self._rewrite_figures(figures, f"{path}.{metric}")
        else:
            body[key.name] = self._new_text(value, key, path)

    def _rewrite_figures(self, figures: Any, path: str) -> Any:
        """Return the figures of a metric with references replaced; a text may be that of the key `value`."""
        items = figures if isinstance(figures, list) else [figures]
        for number, figure in enumerate(items):
            if isinstance(figure, dict):
                self.rewrite_table(figure, FIGURE, f"{path}.")
            else:
                items[number] = self._new_text(figure, FIGURE["value"], path)
        return figures if isinstance(figures, list) else items[0]

    def _new_text(self, value: Any, key: Key, path: str) -> Any:
        mark = "@" if key.type == "quantity" else ""
        if not key.refers or not isinstance(value, str) or not value.startswith(mark):
            return value
        new = self._replaced(key, value.removeprefix(mark), path)
        return mark + new if new else value

    def _rewrite_list(self, body: dict[str, Any], name: str, key: Key, path: str) -> None:
        """Replace the references in a key with an id, or a list of ids or of tables with an id each."""
        value = body[name]
        is_single = not isinstance(value, list)
        items: Any = [value] if is_single else value
        result: list[Any] = []
        for number, item in enumerate(items):
            new = self._replaced(key, item.get("id") if isinstance(item, dict) else item, path)
            new_item = {**item, "id": new} if isinstance(item, dict) else new
            # Two names may be those of one actor; an item that was there twice stays.
            if new is not None and (new_item not in result or item in items[:number]):
                result.append(new_item)
        if result != items:
            result = [item for item in result if not any(_cites_more(other, item) for other in result)]
        if result == items:
            return
        if result:
            body[name] = result[0] if is_single else result
        else:
            del body[name]

    def _replaced(self, key: Key, id: Any, path: str) -> Any:
        """Return what replaces an id, and note the path if it is another one."""
        new = self._replace(key, id) if isinstance(id, str) else id
        if new != id:
            self.keys.append(path)
        return new


def _rename_metric(body: dict[str, Any], old: str, new: str) -> list[str]:
    """Rename a metric in the body of an event, and return the paths; its figures join those of the new name."""
    citations = body.get("sources", ())
    tables = [("figures", body)]
    if isinstance(citations, list):
        tables += [("sources.figures", citation) for citation in citations if isinstance(citation, dict)]
    paths = []
    for path, table in tables:
        figures = table.get("figures", {})
        if old not in figures:
            continue
        paths.append(f"{path}.{old}")
        result: dict[str, Any] = {}
        for metric, value in figures.items():
            name = new if metric == old else metric
            result[name] = [*as_list(result[name]), *as_list(value)] if name in result else value
        table["figures"] = result
    return paths


def _rewrite_queries(queries: dict[str, Any], kind: str, old: str, new: str | None) -> list[str]:
    """Replace the references in saved queries, and return the names of those that had them.

    Without `new`, the queries are unchanged.
    """
    if kind not in _QUERY_FIELDS:
        return []
    id = re.escape(old)
    word = re.compile(rf"(?<![\w@-]){id}(?![\w:=<>-])", re.IGNORECASE)
    # `@ID` is an event in a date, and a role in the term of an actor.
    id_after_at = rf"(?<=@){id}(?![\w-])|" if kind == "event" else ""
    # A metric is also the field of a range.
    range_field = rf"(?<![\w-]){id}(?=[:=<>])|" if kind == "metric" else ""
    term_pattern = rf"""{id_after_at}{range_field}(?<![\w-])(?:{_QUERY_FIELDS[kind]})[:=<>](?:"[^"]*"|\S)*"""
    term = re.compile(term_pattern, re.IGNORECASE)
    names = []
    for name, query in queries.items():
        if not isinstance(query, str):
            continue
        changed = term.sub(lambda match: word.sub(new or "", match[0]), query)
        if changed != query:
            names.append(name)
            if new:
                queries[name] = changed
    return names


def _cites_more(citation: Any, id: Any) -> bool:
    """Return whether a citation says all that an id says, and more."""
    return (
        isinstance(citation, dict) and citation.get("id") == id and not citation.keys() & {"date", "status", "figures"}
    )
