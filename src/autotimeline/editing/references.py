"""What names an id, and what it says when it names another, or none any more."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from autotimeline.index import locations

if TYPE_CHECKING:
    from typing import Any

    from autotimeline.editing.draft import Draft

# The terms of a query that name an id of a kind; behind an `@` stands an event, of an actor's term a role.
_TERMS = {
    "event": "id",
    "actor": "actor|group",
    "source": "source",
    "era": "era|date|since|until|known|near",
}


def naming(draft: Draft, kind: str, id: str) -> list[tuple[str, str, list[str]]]:
    """Return (kind, id, keys) of everything that names an id, and the keys under which it does."""
    found = []
    for holder, name in locations.naming(draft.story.index, id):
        _, keys = replaced(holder, draft.body(holder, name), kind, id, None)
        own = [key for key in keys if holder != "alias" or key == name]
        if own:
            found.append((holder, name, own))
    return found


def replaced(
    holder: str, body: dict[str, Any], kind: str, old: str, new: str | None
) -> tuple[dict[str, Any], list[str]]:
    """Return the body of a `holder` that names `new` instead of the id `old` of a kind, and the keys that did.

    Without a `new` one, lists lose the item. What else names the id goes on to name it.
    """
    walk = _Walk(kind, old, new)
    body = deepcopy(body)
    if holder == "actor":
        walk.list(body, "part_of", "actor")
    elif holder == "alias":
        walk.queries(body)
    elif holder == "event":
        walk.event(body)
    return body, walk.keys


class _Walk:
    """Goes through the places of a body that name ids."""

    def __init__(self, kind: str, old: str, new: str | None) -> None:
        self.kind = kind
        self.old = old
        self.new = new
        self.keys: list[str] = []

    def event(self, body: dict[str, Any]) -> None:
        actors = body.get("actors")
        if isinstance(actors, dict):
            for role in list(actors):
                self.list(actors, role, "actor", "actors.")
            self._bare(body, "actors")
        else:
            self.list(body, "actors", "actor")
        links = body.get("links", {})
        for type in list(links):
            self.list(links, type, "event", "links.")
        self._bare(body, "links")
        for citation in body["sources"] if isinstance(body.get("sources"), list) else []:
            if isinstance(citation, dict):
                self.text(citation, "by", "actor", "sources.")
                self._figures(citation.get("figures", {}), "sources.")
        self._figures(body.get("figures", {}), "")
        self.list(body, "sources", "source")

    def _figures(self, figures: dict[str, Any], before: str) -> None:
        for metric, value in figures.items():
            at = f"{before}figures."
            self.text(figures, metric, "event", at, "@")
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(one, dict):
                    for key, kind in (("of", "actor"), ("source", "source"), ("repeats", "event")):
                        self.text(one, key, kind, f"{at}{metric}.")
                    self.text(one, "value", "event", f"{at}{metric}.", "@")
                elif isinstance(value, list) and self._is(one, "event", "@"):
                    self.keys.append(at + metric)
                    value[number] = f"@{self.new}" if self.new else one

    def _bare(self, body: dict[str, Any], key: str) -> None:
        if key in body and not body[key]:
            del body[key]

    def _is(self, value: Any, kind: str, mark: str = "") -> bool:
        return bool(kind == self.kind and value == mark + self.old)

    def text(self, body: dict[str, Any], key: str, kind: str, at: str, mark: str = "") -> None:
        """Look at a key that names one id, behind a mark."""
        if self._is(body.get(key), kind, mark):
            self.keys.append(at + key)
            if self.new:
                body[key] = mark + self.new

    def list(self, body: dict[str, Any], key: str, kind: str, at: str = "") -> None:
        """Look at a key that names some ids: one alone, or a list of ids or of tables with one each."""
        value = body.get(key)
        one = not isinstance(value, list)
        items: Any = [value] if one else value
        kept: list[Any] = []
        for item in items:
            if not self._is(item.get("id") if isinstance(item, dict) else item, kind):
                kept.append(item)
                continue
            self.keys.append(at + key)
            if self.new:
                kept.append({**item, "id": self.new} if isinstance(item, dict) else self.new)
        if kept == items:
            return
        if kept:
            body[key] = kept[0] if one else kept
        else:
            del body[key]

    def queries(self, body: dict[str, Any]) -> None:
        """Look at queries that are kept under a name."""
        if self.kind not in _TERMS:
            return
        id, end = re.escape(self.old), r"(?![\w-])"
        word = re.compile(rf"(?<![\w@-]){id}(?![\w:=<>-])", re.IGNORECASE)
        at = rf"(?<=@){id}{end}|" if self.kind == "event" else ""
        named = rf"""{at}(?<![\w-])(?:{_TERMS[self.kind]})[:=<>](?:"[^"]*"|\S)*"""
        term = re.compile(named, re.IGNORECASE)
        for name, query in body.items():
            if not isinstance(query, str):
                continue
            changed = term.sub(lambda found: word.sub(self.new or "", found[0]), query)
            if changed != query:
                self.keys.append(name)
                if self.new:
                    body[name] = changed
