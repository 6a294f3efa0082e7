"""Add an event by question and answer: each answer is looked at as it is given, nothing is written before the last."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from autotimeline import api
from autotimeline.cli import environment, write_commands
from autotimeline.cli.days import day
from autotimeline.editing import add, assignments
from autotimeline.editing.ids import Taken, entity_id
from autotimeline.errors import AutotimelineError, UnknownError, UsageError
from autotimeline.model import STATUSES
from autotimeline.store import entities, events
from autotimeline.store.table_reader import Fields, slug
from autotimeline.store.toml_writer import block
from autotimeline.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from autotimeline.editing.draft import Draft


def prompt_event(values: dict[str, Any]) -> int:
    """Ask for an event, show it, and add it; return the exit code.

    Raises:
        AutotimelineError: where the answers end too early, or it is not added after all.
    """

    def fits(draft: Draft) -> None:
        draft.story.check()
        draft.chosen(values["into"])

    # Nobody is asked for what cannot be written anyway.
    with write_commands.changer(values, "add") as changer:
        changer.look(fits)
    with api.Timeline(values["file"], today=values["today"], cache=not values["no_cache"]) as story:
        asked = _Event(story)
        try:
            asked.ask()
        except KeyboardInterrupt:
            environment.say("\nnothing was written")
            raise
    new = [("event", "", asked.body)]
    new[:0] = [(kind, id, body) for (kind, id), body in asked.new.items()]
    id = ""

    def make(draft: Draft) -> None:
        nonlocal id
        for kind, named, body in new:
            id = add.add(draft, kind, named, body, into=values["into"], twin=twin)

    twin = bool(values["force"])
    environment.say("\n" + _text(new))
    while True:
        if not _agreed("Write it?", default=True):
            raise AutotimelineError("nothing was written")
        try:
            with write_commands.changer(values, "add", asked.body["title"]) as changer:
                files = changer.change(make)
            break
        except add.TwinError as error:
            environment.say("\n".join(error.lines))
            twin = True
        except AutotimelineError:
            # The store has changed meanwhile, or cannot be written.
            environment.say(f"what you answered:\n{_text(new)}")
            raise
    return write_commands.added(values, files, [id])


class _Event:
    """The keys of an event, and the actors and sources that are added with it, as they are answered."""

    def __init__(self, story: api.Timeline) -> None:
        self.body: dict[str, Any] = {}
        self.new: dict[tuple[str, str], dict[str, Any]] = {}
        self.day = day(story.today)
        self.store = story.select()
        self.kinds = list(self.store.words("kind"))

    def ask(self) -> None:
        """Ask for everything, in the order in which a store has it; an empty answer goes on to the next."""
        environment.say("Answer, or press Enter to go on; Tab completes; Ctrl-C ends it, and nothing is written.")
        self._until("What happened?", self._one("title"), required=True)
        self._until("When? 2025-11-22, 2025-11, ~2023, by 2026, 2025H1, …", self._one("date"))
        if "date" not in self.body:
            self._until("Or throughout which time? 2025H1, 2023/2025-06, …", self._one("period"))
        self._until("What kind of event?", self._kind, self.kinds)
        self._until("Did it happen, is it planned or cancelled? [happened]", self._one("status"), STATUSES)
        actors = [*self.store.words("actor")]
        self._several("Who took part? ID, or ROLE=ID.", self._actor, actors)
        self._several('A number? METRIC=VALUE, as investment="~2bn EUR".', self._figure, self.store.words("metric"))
        self._several("Where?", self._listed("places"), self.store.words("place"))
        self._several("A tag?", self._listed("tags"), self.store.words("tag"))
        self._several("Who says so? The id of a source.", self._source, self.store.words("source"))
        self._until("A note?", self._one("note"))

    def _until(
        self, question: str, take: Callable[[str], None], words: Iterable[str] = (), *, required: bool = False
    ) -> bool:
        """Ask until an answer is taken; return whether there was one."""
        known = list(words)
        while True:
            answer = _answer(question, known)
            if not answer and not required:
                return False
            try:
                if not answer:
                    raise UsageError("an event needs a title")
                take(answer)
            except UsageError as error:
                environment.say(f"  {error}")
            else:
                return True

    def _several(self, question: str, take: Callable[[str], None], words: Iterable[str] = ()) -> None:
        known, more = list(words), ""
        while self._until(question + more, take, known):
            more = " (another?)"

    def _assign(self, *words: assignments.Assignment) -> None:
        """Take an answer into the body, where it fits."""
        body = assignments.assigned("event", self.body, words, self.day)
        fields = Fields({"id": "new", "title": "…", **body})
        events.event(fields)
        if fields.problems:
            raise UsageError("\n  ".join(what for _, what in fields.problems))
        self.body = body

    def _one(self, key: str) -> Callable[[str], None]:
        return lambda answer: self._assign(assignments.Assignment((key,), "=", answer))

    def _listed(self, key: str) -> Callable[[str], None]:
        return lambda answer: self._assign(assignments.Assignment((key,), "+=", answer))

    def _kind(self, answer: str) -> None:
        like = nearest(answer, self.kinds)
        if answer not in self.kinds and like and not _agreed(f'No event is "{answer}" yet{like}\nKeep it?'):
            raise UsageError(f"there are {', '.join(self.kinds)}")
        self._one("kind")(answer)

    def _actor(self, answer: str) -> None:
        role, equals, name = answer.rpartition("=")
        id = self._known("actor", name.strip(), lambda: self.store.scope.actor(name.strip()))
        self._assign(assignments.Assignment(("actors", role.strip()) if equals else ("actors",), "+=", id))

    def _source(self, answer: str) -> None:
        id = self._known("source", answer, lambda: self.store.scope.entity("source", answer))
        self._assign(assignments.Assignment(("sources",), "+=", id))

    def _figure(self, answer: str) -> None:
        metric, equals, value = answer.partition("=")
        if not equals:
            raise UsageError("write METRIC=VALUE, as investment=~2bn EUR")
        self._assign(assignments.Assignment(("figures", metric.strip()), "+=", value.strip().strip("\"'")))

    def _known(self, kind: str, name: str, find: Callable[[], str]) -> str:
        """Return the id of what is called so; of what is not there, once it is added."""
        if (kind, name) in self.new:
            return name
        try:
            return find()
        except UnknownError as error:
            if not _agreed(f"{error}\nAdd it?"):
                raise UsageError("name another, or go on") from None
        key = "name" if kind == "actor" else "title"
        body = {key: _answer(f"Its {key}? [{name}]") or name}
        called, id = name if slug(name) else _answer("Its id, in a-z, 0-9 and hyphens?"), ""
        if slug(called):
            id = entity_id(kind, called, Taken(self.store.words(kind)), {taken for of, taken in self.new if of == kind})
        if kind == "source" and (published := _answer("When did it appear?")):
            body["published"] = published
        fields = Fields(
            assignments.assigned(kind, {}, [assignments.Assignment((k,), "=", v) for k, v in body.items()], self.day)
        )
        entities.READERS[kind](fields, id)
        if not id or fields.problems:
            raise UsageError("\n  ".join([what for _, what in fields.problems] or ["it needs an id"]))
        self.new[kind, id] = fields.body
        return id


def _text(new: Sequence[tuple[str, str, dict[str, Any]]]) -> str:
    order = ("id", *assignments.KEYS["event"])
    texts = []
    for kind, id, body in new:
        texts.append(block(f"{kind}.{id}" if id else kind, {key: body[key] for key in (*order, *body) if key in body}))
    return "\n".join(texts)


def _agreed(question: str, *, default: bool = False) -> bool:
    answer = _answer(f"{question} [{'Y/n' if default else 'y/N'}]").lower()
    return default if not answer else answer in ("y", "yes")


def _answer(question: str, words: Sequence[str] = ()) -> str:
    """Ask on stderr and return what is typed, without white space around it.

    Raises:
        AutotimelineError: where there is nothing more to read, or what is typed is no text.
    """
    from autotimeline.text import safe

    before, _, last = question.rpartition("\n")
    if before:
        environment.say(before)
    prompt = f"{safe(last)} "
    try:
        if sys.stdout is not None and sys.stdout.isatty():
            _complete(words)
            answer = input(prompt)
        else:
            print(prompt, end="", file=sys.stderr, flush=True)
            answer = sys.stdin.readline()
            if not answer:
                raise EOFError
        answer.encode()
    except EOFError:
        raise AutotimelineError("the answers end here; nothing was written") from None
    except UnicodeError:
        raise AutotimelineError("what was typed is no UTF-8; nothing was written") from None
    return answer.strip()


def _complete(words: Sequence[str]) -> None:
    """Let the tabulator complete these words, where the terminal can do so."""
    with suppress(ImportError):
        import readline

        def completed(typed: str, number: int) -> str | None:
            role, equals, name = typed.rpartition("=")
            found = [f"{role}{equals}{word}" for word in words if word.startswith(name)]
            return found[number] if number < len(found) else None

        readline.set_completer_delims("\n")
        readline.set_completer(completed)
        readline.parse_and_bind("tab: complete")
