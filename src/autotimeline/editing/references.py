"""References to an id: finding, replacing, and removing them."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from autotimeline.editing.draft import Draft
from autotimeline.index import locations
from autotimeline.keys import CITATION, FIGURE, KEYS, Key

# The query fields that take an id of a kind.
_QUERY_FIELDS = {
    "event": "id",
    "actor": "actor|group",
    "source": "source",
    "era": "era|date|since|until|known|near",
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
    rewriter = _ReferenceRewriter(kind, old, new)
    body = deepcopy(body)
    if holder == "alias":
        rewriter.rewrite_queries(body)
    else:
        rewriter.rewrite_table(body, KEYS[holder])
    return body, rewriter.keys


class _ReferenceRewriter:
    """Replaces the references to one id in a body."""

    def __init__(self, kind: str, old: str, new: str | None) -> None:
        self.kind = kind
        self.old = old
        self.new = new
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
                self._rewrite_list(value, group, key.refers, f"{path}.{group}")
            if not value:
                del body[key.name]
        elif key.type in ("actors", "ids", "citations"):
            self._rewrite_list(body, key.name, key.refers, path)
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
        if key.refers != self.kind or value != mark + self.old:
            return value
        self.keys.append(path)
        return mark + self.new if self.new else value

    def _rewrite_list(self, body: dict[str, Any], key: str, kind: str, path: str) -> None:
        """Replace the references in a key with an id, or a list of ids or of tables with an id each."""
        value = body[key]
        is_single = not isinstance(value, list)
        items: Any = [value] if is_single else value
        result: list[Any] = []
        for item in items:
            if kind != self.kind or (item.get("id") if isinstance(item, dict) else item) != self.old:
                result.append(item)
                continue
            self.keys.append(path)
            if self.new:
                result.append({**item, "id": self.new} if isinstance(item, dict) else self.new)
        if result == items:
            return
        if result:
            body[key] = result[0] if is_single else result
        else:
            del body[key]

    def rewrite_queries(self, body: dict[str, Any]) -> None:
        """Replace the references in saved queries."""
        if self.kind not in _QUERY_FIELDS:
            return
        id = re.escape(self.old)
        word = re.compile(rf"(?<![\w@-]){id}(?![\w:=<>-])", re.IGNORECASE)
        # `@ID` is an event in a date, and a role in the term of an actor.
        id_after_at = rf"(?<=@){id}(?![\w-])|" if self.kind == "event" else ""
        term_pattern = rf"""{id_after_at}(?<![\w-])(?:{_QUERY_FIELDS[self.kind]})[:=<>](?:"[^"]*"|\S)*"""
        term = re.compile(term_pattern, re.IGNORECASE)
        for name, query in body.items():
            if not isinstance(query, str):
                continue
            changed = term.sub(lambda match: word.sub(self.new or "", match[0]), query)
            if changed != query:
                self.keys.append(name)
                if self.new:
                    body[name] = changed
