"""Add an event by question and answer: each answer is looked at as it is given, nothing is written before the last."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from autotimeline import api
from autotimeline.cli import environment, write_commands
from autotimeline.cli.days import day_resolver
from autotimeline.editing import add, assignments
from autotimeline.editing.ids import IdAllocator, make_entity_id
from autotimeline.errors import AutotimelineError, UnknownNameError, UsageError
from autotimeline.model import STATUSES
from autotimeline.store import entities, events
from autotimeline.store.table_reader import TableReader, slugify
from autotimeline.store.toml_writer import format_block
from autotimeline.text import suggest

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
        draft.timeline.check()
        draft.target_file(values["into"])

    # Nobody is asked for what cannot be written anyway.
    with write_commands.open_writer(values, "add") as changer:
        changer.preview(fits)
    with api.Timeline(values["file"], today=values["today"], cache=not values["no_cache"]) as story:
        asked = _EventPrompts(story)
        try:
            asked.prompt_for_all()
        except KeyboardInterrupt:
            environment.print_note("\nnothing was written")
            raise
    new = [("event", "", asked.body)]
    new[:0] = [(kind, id, body) for (kind, id), body in asked.new_entities.items()]
    id = ""

    def make(draft: Draft) -> None:
        nonlocal id
        for kind, named, body in new:
            id = add.add_to_draft(draft, kind, named, body, target_file=values["into"], allow_duplicate=twin)

    twin = bool(values["force"])
    environment.print_note("\n" + _format_definitions(new))
    while True:
        if not _confirm("Write it?", default=True):
            raise AutotimelineError("nothing was written")
        try:
            with write_commands.open_writer(values, "add", asked.body["title"]) as changer:
                files = changer.change(make)
            break
        except add.DuplicateEventError as error:
            environment.print_note("\n".join(error.lines))
            twin = True
        except AutotimelineError:
            # The store has changed meanwhile, or cannot be written.
            environment.print_note(f"what you answered:\n{_format_definitions(new)}")
            raise
    return write_commands.report_added(values, files, [id])


class _EventPrompts:
    """The keys of an event, and the actors and sources that are added with it, as they are answered."""

    def __init__(self, timeline: api.Timeline) -> None:
        self.body: dict[str, Any] = {}
        self.new_entities: dict[tuple[str, str], dict[str, Any]] = {}
        self.resolve_day = day_resolver(timeline.today)
        self.all_events = timeline.select()
        self.kinds = list(self.all_events.catalog.completion_values("kind"))

    def prompt_for_all(self) -> None:
        """Ask for everything, in the order in which a store has it; an empty answer goes on to the next."""
        environment.print_note(
            "Answer, or press Enter to go on; Tab completes; Ctrl-C ends it, and nothing is written."
        )
        self._prompt_until_valid("What happened?", self._setter("title"), required=True)
        self._prompt_until_valid("When? 2025-11-22, 2025-11, ~2023, by 2026, 2025H1, …", self._setter("date"))
        if "date" not in self.body:
            self._prompt_until_valid("Or throughout which time? 2025H1, 2023/2025-06, …", self._setter("period"))
        self._prompt_until_valid("What kind of event?", self._set_kind, self.kinds)
        self._prompt_until_valid(
            "Did it happen, is it planned or cancelled? [happened]", self._setter("status"), STATUSES
        )
        actors = [*self.all_events.catalog.completion_values("actor")]
        self._prompt_repeatedly("Who took part? ID, or ROLE=ID.", self._add_actor, actors)
        self._prompt_repeatedly(
            'A number? METRIC=VALUE, as investment="~2bn EUR".',
            self._add_figure,
            self.all_events.catalog.completion_values("metric"),
        )
        self._prompt_repeatedly("Where?", self._appender("places"), self.all_events.catalog.completion_values("place"))
        self._prompt_repeatedly("A tag?", self._appender("tags"), self.all_events.catalog.completion_values("tag"))
        self._prompt_repeatedly(
            "Who says so? The id of a source.", self._add_source, self.all_events.catalog.completion_values("source")
        )
        self._prompt_until_valid("A note?", self._setter("note"))

    def _prompt_until_valid(
        self, text: str, accept: Callable[[str], None], words: Iterable[str] = (), *, required: bool = False
    ) -> bool:
        """Ask until an answer is taken; return whether there was one."""
        completions = list(words)
        while True:
            response = _prompt(text, completions)
            if not response and not required:
                return False
            try:
                if not response:
                    raise UsageError("an event needs a title")
                accept(response)
            except UsageError as error:
                environment.print_note(f"  {error}")
            else:
                return True

    def _prompt_repeatedly(self, text: str, accept: Callable[[str], None], words: Iterable[str] = ()) -> None:
        completions, suffix = list(words), ""
        while self._prompt_until_valid(text + suffix, accept, completions):
            suffix = " (another?)"

    def _assign(self, *words: assignments.Assignment) -> None:
        """Take an answer into the body, where it fits."""
        body = assignments.apply_assignments("event", self.body, words, self.resolve_day)
        fields = TableReader({"id": "new", "title": "…", **body})
        events.parse_event(fields)
        if fields.problems:
            raise UsageError("\n  ".join(what for _, what in fields.problems))
        self.body = body

    def _setter(self, key: str) -> Callable[[str], None]:
        return lambda answer: self._assign(assignments.Assignment((key,), "=", answer))

    def _appender(self, key: str) -> Callable[[str], None]:
        return lambda answer: self._assign(assignments.Assignment((key,), "+=", answer))

    def _set_kind(self, response: str) -> None:
        hint = suggest(response, self.kinds)
        if response not in self.kinds and hint and not _confirm(f'No event is "{response}" yet{hint}\nKeep it?'):
            raise UsageError(f"there are {', '.join(self.kinds)}")
        self._setter("kind")(response)

    def _add_actor(self, response: str) -> None:
        role, equals, name = response.rpartition("=")
        id = self._find_or_define("actor", name.strip(), lambda: self.all_events.resolver.resolve_actor(name.strip()))
        self._assign(assignments.Assignment(("actors", role.strip()) if equals else ("actors",), "+=", id))

    def _add_source(self, response: str) -> None:
        id = self._find_or_define(
            "source", response, lambda: self.all_events.resolver.resolve_entity("source", response)
        )
        self._assign(assignments.Assignment(("sources",), "+=", id))

    def _add_figure(self, response: str) -> None:
        metric, equals, value = response.partition("=")
        if not equals:
            raise UsageError("write METRIC=VALUE, as investment=~2bn EUR")
        self._assign(assignments.Assignment(("figures", metric.strip()), "+=", value.strip().strip("\"'")))

    def _find_or_define(self, kind: str, name: str, look_up: Callable[[], str]) -> str:
        """Return the id of what is called so; of what is not there, once it is added."""
        if (kind, name) in self.new_entities:
            return name
        try:
            return look_up()
        except UnknownNameError as error:
            if not _confirm(f"{error}\nAdd it?"):
                raise UsageError("name another, or go on") from None
        key = "name" if kind == "actor" else "title"
        body = {key: _prompt(f"Its {key}? [{name}]") or name}
        id_source, id = name if slugify(name) else _prompt("Its id, in a-z, 0-9 and hyphens?"), ""
        if slugify(id_source):
            id = make_entity_id(
                kind,
                id_source,
                IdAllocator(self.all_events.catalog.completion_values(kind)),
                {other_id for other_kind, other_id in self.new_entities if other_kind == kind},
            )
        if kind == "source" and (published := _prompt("When did it appear?")):
            body["published"] = published
        fields = TableReader(
            assignments.apply_assignments(
                kind, {}, [assignments.Assignment((k,), "=", v) for k, v in body.items()], self.resolve_day
            )
        )
        entities.PARSERS[kind](fields, id)
        if not id or fields.problems:
            raise UsageError("\n  ".join([what for _, what in fields.problems] or ["it needs an id"]))
        self.new_entities[kind, id] = fields.body
        return id


def _format_definitions(definitions: Sequence[tuple[str, str, dict[str, Any]]]) -> str:
    order = ("id", *assignments.SETTABLE_KEYS["event"])
    texts = []
    for kind, id, body in definitions:
        texts.append(
            format_block(f"{kind}.{id}" if id else kind, {key: body[key] for key in (*order, *body) if key in body})
        )
    return "\n".join(texts)


def _confirm(text: str, *, default: bool = False) -> bool:
    response = _prompt(f"{text} [{'Y/n' if default else 'y/N'}]").lower()
    return default if not response else response in ("y", "yes")


def _prompt(text: str, completions: Sequence[str] = ()) -> str:
    """Ask on stderr and return what is typed, without white space around it.

    Raises:
        AutotimelineError: where there is nothing more to read, or what is typed is no text.
    """
    from autotimeline.text import escape_control

    preceding, _, last = text.rpartition("\n")
    if preceding:
        environment.print_note(preceding)
    prompt = f"{escape_control(last)} "
    try:
        if sys.stdout is not None and sys.stdout.isatty():
            _set_completions(completions)
            response = input(prompt)
        else:
            print(prompt, end="", file=sys.stderr, flush=True)
            response = sys.stdin.readline()
            if not response:
                raise EOFError
        response.encode()
    except EOFError:
        raise AutotimelineError("the answers end here; nothing was written") from None
    except UnicodeError:
        raise AutotimelineError("what was typed is no UTF-8; nothing was written") from None
    return response.strip()


def _set_completions(completions: Sequence[str]) -> None:
    """Let the tabulator complete these words, where the terminal can do so."""
    with suppress(ImportError):
        import readline

        def complete(typed: str, number: int) -> str | None:
            role, equals, name = typed.rpartition("=")
            matches = [f"{role}{equals}{word}" for word in completions if word.startswith(name)]
            return matches[number] if number < len(matches) else None

        readline.set_completer_delims("\n")
        readline.set_completer(complete)
        readline.parse_and_bind("tab: complete")
