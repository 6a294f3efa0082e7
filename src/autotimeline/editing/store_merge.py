"""Three-way merging of two versions of a store file, fact by fact; what neither side changed stays as it is written."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autotimeline.editing.fact_merge import FactMerger, KeyConflict
from autotimeline.editing.references import replace_references
from autotimeline.editing.store_version import (
    Body,
    Fact,
    FactKey,
    StoreVersion,
    UnsupportedLayoutError,
    find_problems,
    find_syntax_error,
    read_definitions,
)
from autotimeline.errors import AutotimelineError
from autotimeline.store import edit, three_way
from autotimeline.store.blocks import find_comments
from autotimeline.store.toml_writer import format_value

SIDES = ("ours", "theirs")
_MAX_SHOWN = 80


class Conflict(NamedTuple):
    """A conflict: the line of its first marker in the merged text, and its description with the remedy."""

    line: int
    text: str


@dataclass
class _MergedFact:
    """The merged text of a fact with our side of each conflict, and with theirs; None if a side has no such fact."""

    above: str
    texts: tuple[str | None, str | None]
    conflicts: list[tuple[str, str]] = field(default_factory=list)  # the key, empty for the whole fact; the text
    is_whole: bool = False  # The conflict is about the whole fact.


class StoreMerger:
    """Merges two versions of a store file that have a common ancestor."""

    def __init__(self, base: str, ours: str, theirs: str, marker_size: int = 7) -> None:
        self._texts = three_way.remove_conflicts(base), ours, theirs
        self._marker_size = marker_size
        # None for a fact that is removed.
        self._merged: dict[FactKey, _MergedFact | None] = {}

    def merge(self) -> tuple[str, list[Conflict]]:
        """Return the merged text with conflict markers, and the conflicts in order."""
        base, ours, theirs = self._texts
        for side, other in ((theirs, ours), (ours, theirs)):
            if side in (base, other):
                return other, []
        try:
            self._base, self._ours, self._theirs = map(StoreVersion, self._texts)
        except (UnsupportedLayoutError, UnicodeEncodeError):
            return self._merge_unusual()
        self._sides = self._ours, self._theirs
        self._merged = {key: self._merge_fact(key) for key in self._merge_order()}
        while self._restore_referenced():
            pass
        self._mark_problems()
        text, lines = self._compose(self._mark)
        conflicts = [
            Conflict(lines[key] - 1 + three_way.conflict_line(self._mark(merged), name), conflict)
            for key, merged in self._merged.items()
            if merged
            for name, conflict in merged.conflicts
        ]
        return text, conflicts

    def _mark_lines(self, problem: str) -> tuple[str, list[Conflict]]:
        text = three_way.mark_lines(*self._texts[1:], self._marker_size)
        return text, [Conflict(three_way.conflict_line(text), f"{problem}; merge the two sides by hand")]

    def _merge_unusual(self) -> tuple[str, list[Conflict]]:
        """Merge texts of an unusual layout by statements, if the result has the merged facts; else mark all changes."""
        for side, name in zip(self._texts, ("the common ancestor", *SIDES), strict=True):
            if problem := find_syntax_error(side):
                return self._mark_lines(f"{name}, {problem}")
        parts = three_way.merge_sequences(*map(three_way.split_statements, self._texts))
        text = "".join(statement for ours, _ in parts for statement in ours)
        try:
            base, ours, theirs, actual = map(read_definitions, (*self._texts, text))
        except UnsupportedLayoutError:
            return self._mark_lines("both sides changed a file of unusual layout")
        expected: dict[FactKey, Body] = {}
        for key in ours | theirs:
            merger = FactMerger(key[0])
            body, _ = merger.merge_optional(base.get(key), ours.get(key), theirs.get(key))
            if merger.conflicts:
                return self._mark_lines(_describe_key_conflict(key, merger.conflicts[0])[1].rpartition(";")[0])
            if body is not None:
                expected[key] = body
        if actual != expected or self._new_problems(text):
            return self._mark_lines("both sides changed a file of unusual layout")
        return text, []

    def _merge_order(self) -> Iterator[FactKey]:
        """Yield the keys of all facts in our order, or in theirs if only they changed it; ours come before theirs."""
        shared = self._base.facts.keys() & self._ours.facts.keys() & self._theirs.facts.keys()
        orders = [[key for key in side.facts if key in shared] for side in (self._base, self._ours, self._theirs)]
        main, other = self._ours.facts, self._theirs.facts
        if orders[0] == orders[1] != orders[2]:
            main, other = other, main
        anchor: FactKey | None = None
        followers: dict[FactKey | None, list[FactKey]] = {}
        for key in other:
            if key in main:
                anchor = key
            else:
                followers.setdefault(anchor, []).append(key)
        waiting = followers.get(None, [])
        for key in main:
            if key in self._base.facts:
                yield from waiting
                waiting = []
            yield key
            waiting = [*waiting, *followers.get(key, [])]
        yield from waiting

    def _merge_fact(self, key: FactKey) -> _MergedFact | None:
        """Return the merged fact; None if one side removed it, and the other did not change it."""
        base, ours, theirs = (version.facts.get(key) for version in (self._base, self._ours, self._theirs))
        if ours is None or theirs is None:
            return _merge_one_sided(key, base, ours, theirs)
        above = three_way.merge_comments(base.above if base else "", ours.above, theirs.above)
        if base and ours.text == base.text:
            return _MergedFact(above, (theirs.text, theirs.text))
        if theirs.text == ours.text or (base and theirs.text == base.text):
            return _MergedFact(above, (ours.text, ours.text))
        merger = FactMerger(key[0])
        bodies = merger.merge(base.body if base else {}, ours.body, theirs.body)
        conflicts = [_describe_key_conflict(key, conflict) for conflict in merger.conflicts]
        if conflicts and key[0] == "event" and base is None:
            # Two new events with one id may be two events: their keys are not mixed.
            values = ", ".join(
                f"{path} {_show(our_value)} and {_show(their_value)}"
                for path, our_value, their_value in merger.conflicts
            )
            what = f"both sides added it, with {values}; keep one, or change one id and keep both"
            conflicts = [("", f"{_label(key)}: {what}")]
            return _MergedFact(above, (ours.text, theirs.text), conflicts, is_whole=True)
        try:
            return _MergedFact(above, _merge_texts(key, base, ours, theirs, bodies), conflicts)
        except AutotimelineError:
            conflict = f"{_label(key)}: both sides changed it, in an unusual layout; merge it by hand"
            return _MergedFact(above, (ours.text, theirs.text), [("", conflict)], is_whole=True)

    def _restore_referenced(self) -> bool:
        """Make each removal a conflict if only the other side still refers to the fact; return whether there is one."""
        restored = False
        for key in [key for key in self._base.facts if key[1] and self._merged.get(key) is None]:
            for side, (version, other) in enumerate((self._sides, self._sides[::-1])):
                # A side that removed the fact and still refers to it has it in another file.
                if key not in version.facts or _find_reference({h: f.body for h, f in other.facts.items()}, key):
                    continue
                texts = {h: merged.texts[side] or "" for h, merged in self._merged.items() if merged}
                bodies = {h: read_definitions(text)[h] for h, text in texts.items() if key[1] in text}
                if reference := _find_reference(bodies, key):
                    fact = version.facts[key]
                    what = f"{SIDES[1 - side]} removed it, but {_label(reference[0])} refers to it ({reference[1]})"
                    conflict = f"{_label(key)}: {what}; keep it, or remove the reference"
                    self._merged[key] = _keep_or_remove(fact, is_ours=side == 0, conflict=conflict)
                    restored = True
        return restored

    def _mark_problems(self) -> None:
        """Make each problem that neither side has a conflict."""
        text, lines = self._compose(lambda merged: merged.texts[0] or merged.texts[1] or "")
        for line, problem in self._new_problems(text):
            key = max((start, key) for key, start in lines.items() if start <= line)[1]
            if not (merged := self._merged[key]):
                continue
            if not merged.conflicts:
                ours, theirs = (side.facts[key].text if key in side.facts else None for side in self._sides)
                merged.texts = (ours, theirs) if ours != theirs else (ours, None)
            merged.conflicts.append(("", f"{_label(key)}: the merged fact is invalid: {problem}"))

    def _new_problems(self, text: str) -> list[tuple[int, str]]:
        """Return (line from 1, description) of each problem of a text that neither side has."""
        problems = find_problems(text)
        known = {key for side in self._texts[1:] for key, _, _ in find_problems(side)} if problems else set()
        return [(line, description) for key, line, description in problems if key not in known]

    def _compose(self, write: Callable[[_MergedFact], str]) -> tuple[str, dict[FactKey, int]]:
        """Return the text of the file, and the first line (from 1) of each fact."""
        parts = [three_way.merge_comments(self._base.start, self._ours.start, self._theirs.start)]
        line = 1 + parts[0].count("\n")
        lines: dict[FactKey, int] = {}
        previous: FactKey | None = None
        for key, merged in self._merged.items():
            if merged is None:
                continue
            above = merged.above if previous or parts[0] else merged.above.lstrip("\n")
            if previous and not above.startswith("\n") and not {previous, key} <= self._ours.facts.keys():
                above = f"\n{above}"
            text = write(merged)
            parts += [above, text]
            lines[key] = line + above.count("\n")
            line = lines[key] + text.count("\n")
            previous = key
        parts.append(three_way.merge_comments(self._base.end, self._ours.end, self._theirs.end))
        return "".join(parts), lines

    def _mark(self, merged: _MergedFact) -> str:
        """Return the text of a fact, with conflict markers if the sides differ."""
        ours, theirs = merged.texts
        if ours == theirs:
            return ours or ""
        if ours is None or theirs is None or merged.is_whole:
            return three_way.mark_conflict(ours or "", theirs or "", self._marker_size)
        return three_way.mark_differences(ours, theirs, self._marker_size)


def _merge_one_sided(key: FactKey, base: Fact | None, ours: Fact | None, theirs: Fact | None) -> _MergedFact | None:
    """Return a fact that only one side has; None if the other side removed it, and this one did not change it."""
    fact = ours or theirs
    if fact is None or (base and fact.body == base.body):
        return None
    if base is None:
        return _MergedFact(fact.above, (fact.text, fact.text))
    changer, remover = SIDES if ours else SIDES[::-1]
    names = ", ".join(name for name in {**base.body, **fact.body} if base.body.get(name) != fact.body.get(name))
    conflict = f"{_label(key)}: {changer} changed {names}, and {remover} removed it; keep one"
    return _keep_or_remove(fact, is_ours=ours is not None, conflict=conflict)


def _keep_or_remove(fact: Fact, *, is_ours: bool, conflict: str) -> _MergedFact:
    """Return a conflict about a fact that only one side has; the comment directly above it stays or goes with it."""
    comment = re.search(r"(?:[^\n]+\n)*\Z", fact.above)
    start = comment.start() if comment else len(fact.above)
    text = fact.above[start:] + fact.text
    return _MergedFact(fact.above[:start], (text, None) if is_ours else (None, text), [("", conflict)])


def _merge_texts(
    key: FactKey, base: Fact | None, ours: Fact, theirs: Fact, bodies: tuple[Body, Body]
) -> tuple[str, str]:
    """Return the text of a fact with merged keys, with our side of the conflicts and with theirs.

    Raises:
        AutotimelineError: If the layout of the text does not allow that.
    """
    old = base.text if base else ""
    parts = list(three_way.merge_sequences(*map(edit.split_lines, (old, ours.text, theirs.text))))
    text = "".join(line for our_part, _ in parts for line in our_part)
    if any(our_part != their_part for our_part, their_part in parts) or not _has_body(text, key, bodies[0]):
        text = three_way.take_written(edit.update_block(ours.text, *key, bodies[0]), ours.text, theirs.text)
        known = {*find_comments(old), *find_comments(text)}
        text += "".join(f"{comment}\n" for comment in find_comments(theirs.text) if comment not in known)
    if bodies[0] == bodies[1]:
        return text, text
    return text, three_way.take_written(edit.update_block(text, *key, bodies[1]), text, theirs.text)


def _has_body(text: str, key: FactKey, body: Body) -> bool:
    try:
        return read_definitions(text) == {key: body}
    except UnsupportedLayoutError:
        return False


def _find_reference(bodies: Mapping[FactKey, Body], key: FactKey) -> tuple[FactKey, str] | None:
    """Return the first other fact that refers to a fact, and the keys that do."""
    for holder, body in bodies.items():
        names = replace_references(holder[0], body, *key, None)[1] if holder != key else []
        if names:
            return holder, ", ".join(dict.fromkeys(names))
    return None


def _describe_key_conflict(key: FactKey, conflict: KeyConflict) -> tuple[str, str]:
    """Return the outermost key, and the description."""
    path, ours, theirs = conflict
    label = f'alias "{path}": the query' if key[0] == "alias" else f"{_label(key)}: {path}"
    name = path if key[0] == "alias" else path.partition(".")[0].partition(" ")[0]
    return name, f"{label} is {_show(ours)} in ours and {_show(theirs)} in theirs; keep one"


def _label(key: FactKey) -> str:
    return f'{key[0]} "{key[1]}"' if key[1] else f"[{key[0]}]"


def _show(value: Any) -> str:
    text = "missing" if value is None else format_value(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
