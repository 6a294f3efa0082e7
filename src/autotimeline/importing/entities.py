"""Who takes part and who says so, as files name them: found in the store by id or name, or made of what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autotimeline import model
from autotimeline.editing.ids import ADDRESS, entity_id
from autotimeline.errors import UnknownError
from autotimeline.importing.records import BadRowError, Entry, Problem, becomes, otherwise
from autotimeline.index import locations
from autotimeline.store.entities import READERS
from autotimeline.store.read import entity
from autotimeline.store.table_reader import Fields
from autotimeline.store.toml_writer import block
from autotimeline.text import fold, nearest

if TYPE_CHECKING:
    from autotimeline.dates.span import Span
    from autotimeline.editing.draft import Draft
    from autotimeline.editing.ids import Taken

    # Kind, text of the block, and what its problems are told under.
    Fresh = tuple[str, str, str]


class Cast:
    """The actors, sources, eras, aliases and the head of a store, and what files add to them.

    `taken` are the ids that there are; those that are made join them, and `ids`. `how` says what updates. `told` is
    what there is to say, `made` how many are new by kind, `updated` how many say something else now, and `changed` by
    whose wish, by what their problems are told under.
    """

    def __init__(self, draft: Draft, taken: Taken, how: str = "--update") -> None:
        self.taken = taken
        self.how = how
        self.told: dict[str, None] = {}
        self.updated = 0
        self.changed: dict[str | None, Entry] = {}
        self.ids: list[str] = []
        self._draft = draft
        index, kinds = draft.story.index, locations.KINDS[1:-1]
        self.bodies: dict[str, dict[str, dict[str, Any]]] = {
            kind: dict(locations.bodies(index, kind)) for kind in kinds
        }
        self.made = dict.fromkeys(kinds, 0)
        self._heads = [body for _, body in locations.bodies(index, "store")]
        self._broken = {kind: set(locations.ids(index, kind)) - self.bodies[kind].keys() for kind in kinds}
        self._places: dict[tuple[str, str], str] = {}
        self._fresh: list[Fresh] = []
        self._aliases: dict[str, str] = {}
        self._actors: dict[str, list[str]] = {}
        self._sources: dict[str, str] = {}
        self._read: dict[str, model.Source] = {}
        for kind in ("actor", "source"):
            for id, body in self.bodies[kind].items():
                self._call(kind, id, body)

    def _call(self, kind: str, id: str, body: dict[str, Any]) -> None:
        """Note under which names a thing is found."""
        if kind == "actor":
            for name in (body["name"], *body.get("aliases", ())):
                ids = self._actors.setdefault(fold(name), [])
                if id not in ids:
                    ids.append(id)
        elif kind == "source":
            for name in filter(None, (body.get("url"), fold(body["title"]))):
                self._sources.setdefault(name, id)

    def knows(self, kind: str, id: str) -> bool:
        """Whether there is such a thing."""
        return id in self.bodies[kind] or id in self._broken[kind]

    def called(self, name: str) -> list[str]:
        """Return the ids of the actors of a name or an alias."""
        return self._actors.get(fold(name), [])

    def source(self, name: str) -> str | None:
        """Return the id of the source of an address or a title."""
        return self._sources.get(name) or self._sources.get(fold(name))

    def demand(self, kind: str, name: str) -> None:
        """Refuse what is named for every row, and is not there.

        Raises:
            UnknownError: naming the one that is most like it.
        """
        if not self.knows(kind, name) and not (kind == "actor" and self.called(name)):
            how = "; --source-title makes it" if kind == "source" else "; `autotimeline add` makes it"
            raise UnknownError(f'no {kind} "{name}"{nearest(name, self.bodies[kind]) or how}')

    def known(self, event: model.Event, staged: Staged | None = None) -> Span | None:
        """Return when an event became public by its sources alone."""
        sources = {}
        for citation in event.citations:
            if citation.source in self.bodies["source"]:
                if citation.source not in self._read:
                    self._read[citation.source] = entity(
                        "source", citation.source, self.bodies["source"][citation.source]
                    )
                sources[citation.source] = self._read[citation.source]
            elif staged and ("source", citation.source) in staged.bodies:
                sources[citation.source] = entity("source", citation.source, staged.bodies["source", citation.source])
        return model.known(replace(event, known=None), sources)

    def define(self, entry: Entry, *, update: bool) -> None:
        """Take a thing from a file.

        Raises:
            BadRowError: where there is another by its id.
        """
        kind, id, body = entry.kind, entry.id, entry.body
        if kind == "store":
            self._title(body, entry)
            return
        before = self.bodies[kind].get(id)
        if id in self._broken[kind]:
            what = f'{kind} "{id}" is in the store and cannot be read: `autotimeline check` says why; mend it first'
            raise BadRowError(Problem(entry.place, what))
        if before is None:
            self.add(kind, id, body, str(entry.place))
            return
        keys = {key: (before.get(key), value) for key, value in body.items() if before.get(key) != value}
        if not keys:
            return
        body = {**before, **body}
        if not update or (kind, id) in self._places:
            raise BadRowError(Problem(entry.place, otherwise(kind, id, self._places.get((kind, id)), keys, self.how)))
        if kind == "alias":
            self._aliases[id] = body["query"]
        else:
            self._draft.rewrite(kind, id, {**self._draft.body(kind, id), **{key: body[key] for key in keys}})
        self._places[kind, id] = str(entry.place)
        self.changed[f'{kind} "{id}"'] = entry
        self.updated += 1
        self.told[f'{entry.place}: {kind} "{id}" is updated: {becomes(keys)}'] = None
        self.bodies[kind][id] = body
        self._read.pop(id, None)

    def _title(self, body: dict[str, Any], entry: Entry) -> None:
        """Let the store be called as a file is, where it has no name."""
        if not body or any(head.get("title") for head in self._heads):
            return
        if len(self._heads) > 1:
            what = "several files have a [store] and none a title: write it into one of them"
            self.told[f'{entry.place}: the title "{body["title"]}" is not taken: {what}'] = None
            return
        if self._heads:
            self._draft.rewrite("store", "", {**self._draft.body("store", ""), **body})
        else:
            self._fresh.append(("store", block("store", {"format": 1, **body}), "store"))
        self._heads = [body]

    def add(self, kind: str, id: str, body: dict[str, Any], name: str) -> None:
        """Let a thing be there that is new; its problems are told under `name`."""
        self.bodies[kind][id] = body
        self.made[kind] += 1
        self._places[kind, id] = name
        self.taken.add(id)
        self._call(kind, id, body)
        if kind == "alias":
            self._aliases[id] = body["query"]
        else:
            self._fresh.append((kind, block(f"{kind}.{id}", body), name))
            self.ids.append(id)

    def fresh(self) -> list[Fresh]:
        """Return the blocks of what is new; those that had to be are changed in the draft."""
        found = list(self._fresh)
        if self._aliases:
            there = locations.ids(self._draft.story.index, "alias")
            for name, query in self._aliases.items() if there else ():
                # What is new stands with the first; the others each with those of its file.
                holder = name if name in there else there[0]
                self._draft.rewrite("alias", holder, {**self._draft.body("alias", holder), name: query})
            if not there:
                found.append(("alias", block("alias", self._aliases), "alias"))
        return found


class Staged:
    """What an entry names and the store lacks: it is there once the entry is taken."""

    def __init__(self, cast: Cast, entry: Entry) -> None:
        self._cast = cast
        self._entry = entry
        self.bodies: dict[tuple[str, str], dict[str, Any]] = {}
        for (kind, id), told in entry.names.items():
            self._named(kind, id, told)

    def _named(self, kind: str, id: str, told: dict[str, Any]) -> None:
        key = "name" if kind == "actor" else "title"
        if not self._cast.knows(kind, id):
            self._make(kind, id, {key: id, **told})
            return
        there = self._cast.bodies[kind].get(id, {}).get(key)
        if there is not None and told.get(key, there) != there:
            what = f'{kind} "{id}" is "{there}" in the store and "{told[key]}" in {self._entry.place.file}'
            self._cast.told[f"{what}: the store's {key} stays"] = None

    def _make(self, kind: str, id: str, body: dict[str, Any]) -> str:
        fields = Fields(body)
        value: Any = READERS[kind](fields, id)
        if fields.problems:
            key = f"{kind}s"
            raise BadRowError(*(self._entry.problem(key, f'{kind} "{id}": {text}') for _, text in fields.problems))
        if kind == "source" and value.published:
            body = {**body, "published": value.published.edtf}
        self.bodies[kind, id] = body
        return id

    def actor(self, name: str) -> str:
        """Return the id of who is called so, by id, name or alias."""
        if self._cast.knows("actor", name):
            return name
        found = self._cast.called(name)
        if len(found) > 1:
            what = f'"{name}" names several actors: {", ".join(found)}; write the id of one'
            raise BadRowError(self._entry.problem("actors", what))
        return found[0] if found else self._made("actor", name, {"name": name})

    def source(self, name: str) -> str:
        """Return the id of what has this id, address or title."""
        if self._cast.knows("source", name):
            return name
        found = self._cast.source(name)
        address = {"url": name} if ADDRESS.fullmatch(name) else {}
        return found or self._made("source", name, {"title": name, **address})

    def _made(self, kind: str, name: str, body: dict[str, Any]) -> str:
        key = "name" if kind == "actor" else "title"
        for (other, id), told in self.bodies.items():
            if other == kind and told[key] == name:
                return id
        staged = {id for _, id in self.bodies}
        return self._make(kind, entity_id(kind, name, self._cast.taken, staged), body)

    def commit(self) -> None:
        """Let all of it be there."""
        for (kind, id), body in self.bodies.items():
            self._cast.add(kind, id, body, str(self._entry.place))
