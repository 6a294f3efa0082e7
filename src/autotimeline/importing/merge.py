"""What a file says of a thing that is there, with what is said of it already: what the file is silent about stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autotimeline.importing.native_rows import pairs, participants

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    Body = dict[str, Any]
    # Of a key, or of one name in the table under it: what is said there, what the file says, and the two together.
    Changes = dict[tuple[str, ...], tuple[Any, Any, Any]]

_DEFAULTS = {"status": "happened", "reported": False}
_OTHER = {"date": "period", "period": "date"}
# What one of several is that says nothing else.
_HEADS = {"figures": "value", "sources": "id"}


class Said:
    """What a file says of an event, in the canonical keys of `store.serialize`; an absent key says nothing.

    Args:
        body: The keys.
        own: Those of which the file says all there is, as our own forms do; what others say is added.
        roles: The roles of which it does; None stands for actors without one.
        listed: It is a row of an answer, where a figure without a `basis` is actual.
    """

    def __init__(self, body: Body, own: Container[str], roles: Container[str | None], *, listed: bool = False) -> None:
        self.body = body
        self._own = own
        self._roles = roles
        self._listed = listed

    def changes(self, old: Body) -> Changes:
        """Return where the file says otherwise than an event with these keys."""
        found: Changes = {}
        for key, new in self.body.items():
            before = old.get(key, _DEFAULTS.get(key))
            if key == "actors":
                self._actors(found, before)
            elif key in ("figures", "links", "accept"):
                for name, value in new.items():
                    there = (before or {}).get(name)
                    both = self._figures(there, value) if key == "figures" else value
                    _note(found, (key, name), there, value, both)
            elif key == "sources":
                cited, here = _by_id(before or []), _by_id(new)
                for id, citations in here.items():
                    there = cited.get(id)
                    both = _paired(there or [], citations, self._citation, ("id",))
                    _note(found, (key, id), there, citations, both)
            elif key in ("places", "tags") and key not in self._own:
                _note(found, (key,), before, new, _union(before or [], new))
            else:
                _note(found, (key,), before, new, new)
                if key in _OTHER and (other := old.get(_OTHER[key])):
                    found[(_OTHER[key],)] = other, None, None
        return found

    def _actors(self, found: Changes, before: Any) -> None:
        new = self.body["actors"]
        there, here = _roles(before), _roles(new)
        if there and (None in there) != (None in here):
            ids = [{id for several in roles.values() for id in several} for roles in (there, here)]
            if None in there or not ids[1] <= ids[0]:
                # Those without a role get one, where each does; a mixture is told once it is to be written.
                _note(found, ("actors",), before, new, new if ids[0] <= ids[1] else [*pairs(before), *pairs(new)])
            return
        for role, several in here.items():
            old = there.get(role)
            both = several if role in self._roles else _union(old or [], several)
            _note(found, ("actors", role) if role else ("actors",), old, several, both)

    def _figures(self, old: Any, new: Any) -> list[Body]:
        return _paired(_bodies(old, "value"), _bodies(new, "value"), self._figure, ("of", "period"))

    def _figure(self, old: Body, new: Body) -> Body:
        both = {**old, **new}
        if self._listed and "basis" not in new:
            both.pop("basis", None)
        if self._listed and "printed" in new and "value" not in new:
            both.pop("value", None)
        return both

    def _citation(self, old: Body, new: Body) -> Body:
        both = {**old, **new}
        if "figures" in old and "figures" in new:
            merged = {
                metric: self._figures(old["figures"].get(metric), new["figures"][metric]) for metric in new["figures"]
            }
            both["figures"] = {**old["figures"], **{metric: _plain(value, "value") for metric, value in merged.items()}}
        return both


def merge(body: Body, changes: Changes) -> None:
    """Let the keys of an event, as they are written, say what has changed.

    Raises:
        CellError: where some actors would have a role and some have none.
    """
    for path, (_, _, both) in changes.items():
        key, *names = path
        if not names:
            if key == "actors" and both and isinstance(both[0], tuple):
                both = participants(both)
            body.pop(key, None)
            if both is not None:
                body[key] = both
        elif key == "sources":
            body[key] = _cited(body.get(key, []), names[0], both)
        else:
            body[key] = {**body.get(key, {}), names[0]: _plain(both, "value") if key == "figures" else both}


def shown(changes: Changes, which: int) -> dict[str, tuple[Any, Any]]:
    """Return (what was said, what is) by key: what the file says (`which` 1), or what comes of both (2)."""
    found: dict[str, tuple[Any, Any]] = {}
    for path, change in changes.items():
        name, old, new = ".".join(path), change[0], change[which]
        if path[0] in _HEADS:
            head = _HEADS[path[0]]
            before, after = _bodies(old, head), _bodies(new, head)
            if len(before) == len(after) == 1:
                found |= {
                    f"{name}.{key}": (before[0].get(key), after[0].get(key))
                    for key in dict.fromkeys((*before[0], *after[0]))
                    if before[0].get(key) != after[0].get(key) and (which == 2 or key in after[0])
                }
                continue
            old, new = old and _plain(before, head), _plain(after, head)
        elif new and path == ("actors",):
            new = [one if isinstance(one, str) else one[1] for one in new] if isinstance(new, list) else new
        found[name] = old, new
    return found


def _note(found: Changes, path: tuple[str, ...], old: Any, new: Any, both: Any) -> None:
    before = _bodies(old, "value") if path[0] == "figures" else old
    if both != before:
        found[path] = old, new, both


def _union(old: list[str], new: list[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _roles(actors: Any) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for role, id in pairs(actors):
        found.setdefault(role, []).append(id)
    return found


def _bodies(value: Any, key: str) -> list[Body]:
    """Return one or several, each as a table or as that key of it alone, as tables."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    return [one if isinstance(one, dict) else {key: one} for one in several]


def _plain(bodies: list[Body], key: str) -> Any:
    """Return the inverse of `_bodies`, as short as it can be."""
    several = [body[key] if body.keys() == {key} else body for body in bodies]
    return several[0] if len(several) == 1 else several


def _by_id(citations: list[Any]) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = {}
    for one in _bodies(citations, "id"):
        found.setdefault(one["id"], []).append(one)
    return found


def _cited(written: Any, id: str, both: list[Body]) -> list[Any]:
    """Return citations with these in the place of those of a source."""
    left = [body["id"] if body.keys() == {"id"} else body for body in both]
    found = []
    for one in written if isinstance(written, list) else [written]:
        same = (one["id"] if isinstance(one, dict) else one) == id
        found.append(left.pop(0) if same else one)
    return [*found, *left]


def _paired(old: list[Body], new: list[Body], both: Callable[[Body, Body], Body], names: tuple[str, ...]) -> list[Body]:
    """Return the old ones, each with what a new one says of it, and behind them the new ones that are of none.

    A new one is of an old one that says the same and perhaps more, else of the one that has these names, else, where
    as many are left of both, of that in its place.
    """
    found, taken = list(old), dict[int, int]()

    def pair(fits: Callable[[Body, Body], bool], *, one: bool) -> None:
        for number, body in enumerate(new):
            if number in taken:
                continue
            free = [at for at, there in enumerate(old) if at not in taken.values() and fits(there, body)]
            if free and (len(free) == 1 or not one):
                taken[number] = free[0]

    pair(lambda there, body: both(there, body) == there, one=False)
    pair(lambda there, body: [there.get(name) for name in names] == [body.get(name) for name in names], one=True)
    if len(old) == len(new):
        pair(lambda there, body: True, one=False)
    for number, body in enumerate(new):
        if number in taken:
            found[taken[number]] = both(old[taken[number]], body)
        else:
            found.append(body)
    return found
