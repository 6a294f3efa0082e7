"""References to an id: finding, replacing, and removing them."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from autotimeline.index import locations

if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft

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
    if holder == "actor":
        rewriter.rewrite_list(body, "part_of", "actor")
    elif holder == "alias":
        rewriter.rewrite_queries(body)
    elif holder == "event":
        rewriter.rewrite_event(body)
    return body, rewriter.keys


class _ReferenceRewriter:
    """Replaces the references to one id in a body."""

    def __init__(self, kind: str, old: str, new: str | None) -> None:
        self.kind = kind
        self.old = old
        self.new = new
        self.keys: list[str] = []

    def rewrite_event(self, body: dict[str, Any]) -> None:
        if isinstance(body.get("actors"), dict):
            self._rewrite_lists(body, "actors", "actor")
        else:
            self.rewrite_list(body, "actors", "actor")
        self._rewrite_lists(body, "links", "event")
        for citation in body["sources"] if isinstance(body.get("sources"), list) else []:
            if isinstance(citation, dict):
                self.rewrite_text(citation, "by", "actor", "sources.")
                self._rewrite_figures(citation.get("figures", {}), "sources.")
        self._rewrite_figures(body.get("figures", {}), "")
        self.rewrite_list(body, "sources", "source")

    def _rewrite_figures(self, figures: dict[str, Any], prefix: str) -> None:
        for metric, value in figures.items():
            path = f"{prefix}figures."
            self.rewrite_text(figures, metric, "event", path, "@")
            for number, figure in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(figure, dict):
                    for key, kind in (("of", "actor"), ("source", "source"), ("repeats", "event")):
                        self.rewrite_text(figure, key, kind, f"{path}{metric}.")
                    self.rewrite_text(figure, "value", "event", f"{path}{metric}.", "@")
                elif isinstance(value, list) and self._is_reference(figure, "event", "@"):
                    self.keys.append(path + metric)
                    value[number] = f"@{self.new}" if self.new else figure

    def _rewrite_lists(self, body: dict[str, Any], key: str, kind: str) -> None:
        lists = body.get(key, {})
        for name in list(lists):
            self.rewrite_list(lists, name, kind, f"{key}.")
        if key in body and not lists:
            del body[key]

    def _is_reference(self, value: Any, kind: str, mark: str = "") -> bool:
        return bool(kind == self.kind and value == mark + self.old)

    def rewrite_text(self, body: dict[str, Any], key: str, kind: str, prefix: str, mark: str = "") -> None:
        """Replace the reference in a key with one id after a prefix."""
        if self._is_reference(body.get(key), kind, mark):
            self.keys.append(prefix + key)
            if self.new:
                body[key] = mark + self.new

    def rewrite_list(self, body: dict[str, Any], key: str, kind: str, prefix: str = "") -> None:
        """Replace the references in a key with an id, or a list of ids or of tables with an id each."""
        value = body.get(key)
        is_single = not isinstance(value, list)
        items: Any = [value] if is_single else value
        result: list[Any] = []
        for item in items:
            if not self._is_reference(item.get("id") if isinstance(item, dict) else item, kind):
                result.append(item)
                continue
            self.keys.append(prefix + key)
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
