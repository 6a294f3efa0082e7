"""Take the entries of files into a draft of a store, one after another: one try of an import."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autotimeline.editing.add import TwinError
from autotimeline.editing.ids import Taken, event_id
from autotimeline.errors import AutotimelineError
from autotimeline.importing.entities import Cast, Staged
from autotimeline.importing.merge import Said, merge, shown
from autotimeline.importing.native_rows import CellError, pairs, participants
from autotimeline.importing.records import BadRowError, Problem, becomes, otherwise
from autotimeline.index import locations
from autotimeline.reports.duplicates import told, twins
from autotimeline.store.read import event as read_event
from autotimeline.store.serialize import event_body
from autotimeline.store.toml_writer import block

if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline import model
    from autotimeline.editing.draft import Draft
    from autotimeline.importing.entities import Fresh
    from autotimeline.importing.load import Gathered
    from autotimeline.importing.records import Entry, Place
    from autotimeline.reports.duplicates import Told

# Of so many events it is told whether they are twins of others; that of each costs a question.
_TWINS = 1000
_TAKEN = "is taken; choose another, or change it with `autotimeline set`"


class HaltError(Exception):
    """There are bad rows, and none was to be left out."""


class Plan:
    """What an import is to do.

    Args:
        gathered: What files hold.
        update: Let what is there already say what the files say.
        skip: Leave out what cannot be taken.
        into: Which file of the store takes what is new.
        adds: All events have to be new, and none of them a likely twin.
        twin: They may be.
    """

    def __init__(
        self,
        gathered: Gathered,
        *,
        update: bool = False,
        skip: bool = False,
        into: str | None = None,
        adds: bool = False,
        twin: bool = False,
    ) -> None:
        self.gathered = gathered
        self.update = update
        self.skip = skip
        self.into = into
        self.adds = adds
        self.twin = twin
        # What the store as a whole has against an entry, by the entry's place.
        self.refused: dict[str, list[Problem]] = {}


class Taking:
    """One try of an import, on a draft.

    Attributes:
        new: How many events are new.
        same: How many were there, and say the same.
        updated: How many things say something else now.
        made: How many are new that are no events, by kind.
        ids: The ids of what is new.
        blocks: (kind, text) of all that is new, in the order of the store.
        problems: What is left out, and why.
        told: What else there is to say.
        changed: Whose wish it is that something in the store says otherwise, by what its problems are told under.
    """

    def __init__(self, plan: Plan, draft: Draft) -> None:
        self.problems: list[Problem] = [*plan.gathered.problems]
        self.told: list[str] = [*plan.gathered.told]
        self.new = self.same = self.updated = 0
        self.blocks: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self._plan = plan
        self._draft = draft
        self._twins: list[str] = []
        self._near: list[Told] = []
        self._all = draft.story.select()
        self._events = set(locations.ids(draft.story.index, "event"))
        self._ids = Taken(id for kind in locations.KINDS for id in locations.ids(draft.story.index, kind))
        self._cast = Cast(draft, self._ids, "`autotimeline import - --update`" if plan.adds else "--update")
        self.changed = self._cast.changed
        self.made = self._cast.made
        self._added: dict[str, tuple[Place, model.Event]] = {}
        self._like: dict[tuple[object, ...], list[str]] | None = None
        self._fresh: list[Fresh] = []

    def run(self, progress: Callable[..., object] | None, *, halt: bool) -> None:
        """Take all entries.

        Raises:
            HaltError: where some cannot be taken, none is to be left out, and this is to `halt` it.
            TwinError: where one is a likely twin, and is not to be.
        """
        # What is no event first: events name it.
        ordered = sorted(self._plan.gathered.entries, key=lambda entry: entry.kind == "event")
        for kind, name in self._plan.gathered.demanded:
            if not any((entry.kind, entry.id) == (kind, name) for entry in ordered):
                self._cast.demand(kind, name)
        for done, entry in enumerate(ordered):
            if progress:
                progress(done, len(ordered), "Reading the rows")
            if refused := self._plan.refused.get(str(entry.place)):
                self.problems += refused
                continue
            try:
                self._bring(entry)
            except BadRowError as error:
                self.problems += error.problems
        if self.problems and halt and not self._plan.skip:
            raise HaltError
        if self._twins and not self._plan.twin and not self.problems:
            raise TwinError(self._twins)
        self._append()

    def _bring(self, entry: Entry) -> None:
        if entry.kind == "event":
            self._event(entry)
        else:
            self._cast.define(entry, update=self._plan.update)

    # --- events

    def _event(self, entry: Entry) -> None:
        staged = Staged(self._cast, entry)
        value = entry.event(self._body(entry, staged))
        public = self._cast.known(value, staged) if entry.listed else None
        if public and value.known == public:
            # An answer tells when it became public in either case: from its sources it follows by itself.
            value = replace(value, known=None)
        id = entry.id or ("" if self._plan.adds else self._found(entry, value))
        if id:
            value = replace(value, id=id)
            before = self._before(entry, id)
            if before and self._plan.adds:
                where = f"stands in {before[0]} too; give each an id of its own" if before[0] else _TAKEN
                raise BadRowError(Problem(entry.place, f'the id "{id}" of event {where}'))
            if before:
                self._compare(entry, value, *before)
                return
        else:
            value = replace(value, id=event_id(value.title, value.date, self._ids))
        self._add(entry, value, staged)

    def _body(self, entry: Entry, staged: Staged) -> dict[str, Any]:
        body = dict(entry.body)
        if entry.actors:
            named = [(role, staged.actor(name)) for role, name in entry.actors]
            try:
                body["actors"] = participants([*pairs(body.get("actors")), *named])
            except CellError as error:
                raise BadRowError(entry.problem("actors", str(error))) from None
        if entry.cited:
            told = body.get("sources", [])
            ids = list(dict.fromkeys(staged.source(name) for name in entry.cited))
            more = [{"id": id, "quote": entry.quote} if entry.quote else id for id in ids]
            body["sources"] = [*([told] if isinstance(told, str) else told), *more]
        return body

    def _found(self, entry: Entry, value: model.Event) -> str:
        """Return the id of the event that says what one without an id does; none where there is none."""
        if self._like is None:
            self._like = {}
            for id, title, date, extent in self._all.rows(("id", "title", "edtf", "extent")):
                self._like.setdefault((title, date, extent == "throughout"), []).append(id)
        said = self._said(entry, value)
        for id in self._like.get(_key(value), ()):
            before = self._before(entry, id)
            if before and not said.changes(event_body(before[1])):
                return id
        return ""

    def _before(self, entry: Entry, id: str) -> tuple[Place | None, model.Event] | None:
        """Return the event of an id, and where it stands if that is in the files; None where there is none."""
        if id in self._added:
            return self._added[id]
        if id not in self._events:
            return None
        found = self._all.event(id)
        if found is None:
            what = f'event "{id}" is in the store and cannot be read: `autotimeline check` says why; mend it first'
            raise BadRowError(entry.problem("id", what))
        return None, found

    def _compare(self, entry: Entry, value: model.Event, place: Place | None, old: model.Event) -> None:
        said = self._said(entry, value)
        changes = said.changes(event_body(old))
        if changes and place is None:
            # As it is written a figure may repeat another, which the index has in full.
            written = said.changes(event_body(read_event(self._draft.body("event", value.id))))
            changes = {path: written[path] for path in changes if path in written}
        if not changes:
            self.same += 1
        elif place is not None or not self._plan.update:
            what = otherwise("event", value.id, str(place) if place else None, shown(changes, 1))
            self.problems.append(Problem(entry.place, what))
        else:
            body = self._draft.body("event", value.id)
            try:
                merge(body, changes)
            except CellError as error:
                raise BadRowError(entry.problem("actors", str(error))) from None
            self._draft.rewrite("event", value.id, body)
            self.changed[f'event "{value.id}"'] = entry
            # Whatever else is said of it has to be the same.
            self._added[value.id] = entry.place, read_event(body)
            self.updated += 1
            self.told.append(f'{entry.place}: event "{value.id}" is updated: {becomes(shown(changes, 2))}')

    def _said(self, entry: Entry, value: model.Event) -> Said:
        """Return what an entry says of an event; what it spells out counts, though it goes without saying."""
        spelt = {"status": value.status, "reported": value.reported}
        body = event_body(value) | {key: said for key, said in spelt.items() if key in entry.body}
        del body["id"]
        roles = {role for role, _ in pairs(entry.body.get("actors"))}
        return Said(body, entry.body.keys() - entry.adds, roles, listed=entry.listed)

    def _add(self, entry: Entry, value: model.Event, staged: Staged) -> None:
        try:
            text = block("event", event_body(value))
        except AutotimelineError as error:
            raise BadRowError(Problem(entry.place, str(error))) from None
        staged.commit()
        self._fresh.append(("event", text, str(entry.place)))
        self._added[value.id] = entry.place, value
        self._ids.add(value.id)
        if self._like is not None:
            self._like.setdefault(_key(value), []).append(value.id)
        self.new += 1
        if self._plan.adds:
            self._alone(entry, value)
        elif self._events and self.new <= _TWINS:
            for id, why in twins(self._all, value):
                self.told.append(f'{entry.place}: event "{value.id}" is likely a twin of event "{id}": {why}')
        elif self._events and self.new == _TWINS + 1:
            self.told.append(
                f"no twins are looked for after {_TWINS:,} events; `autotimeline check --strict` finds them"
            )

    def _alone(self, entry: Entry, value: model.Event) -> None:
        """Note of which events, there or new, this one is likely a twin."""
        for id, why in twins(self._all, value, self._near[-_TWINS:]):
            self._twins.append(f'{entry.place}: likely a twin of event "{id}": {why}')
        self._near.append(told(self._all, value))

    # --- the change

    def _append(self) -> None:
        fresh = [*self._cast.fresh(), *self._fresh]
        self.ids = [*self._cast.ids, *(id for id in self._added if id not in self._events)]
        self.told += self._cast.told
        self.updated += self._cast.updated
        for kind in locations.KINDS:
            for own, text, name in fresh:
                if own == kind:
                    self.blocks.append((kind, text))
                    self._draft.append(kind, text, name, self._plan.into)


def _key(value: model.Event) -> tuple[object, ...]:
    return value.title, value.date.edtf if value.date else None, value.throughout and value.date is not None
