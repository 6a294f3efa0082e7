"""Add an event by prompts: each answer is checked at once, and nothing is written before the last one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from autotimeline.cli import run_query, write_commands
from autotimeline.cli.days import day_resolver
from autotimeline.editing import add, assignments
from autotimeline.editing.ids import IdAllocator, make_entity_id
from autotimeline.errors import AutotimelineError, UnknownNameError, UsageError
from autotimeline.schema import STATUSES
from autotimeline.store.parse import parse_entry
from autotimeline.store.table_reader import slugify
from autotimeline.store.toml_writer import format_block
from autotimeline.text import escape_control, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from autotimeline.api import Timeline
    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.editing.draft import Draft


def prompt_event(request: Request, environment: Environment) -> int:
    """Ask for an event, show it, and add it; return the exit code.

    Raises:
        AutotimelineError: If the input ends early, or the event cannot be added.
    """
    target_file = request.text(write_commands.INTO)

    def check_store(draft: Draft) -> None:
        draft.timeline.check()
        draft.target_file(target_file)

    # Fail before the first question if the store cannot be written.
    with write_commands.open_writer(request, environment, "add") as writer:
        writer.preview(check_store)
    with run_query.open_store(request, environment, check=False) as timeline:
        prompts = _EventPrompts(timeline, environment)
        try:
            prompts.ask_everything()
        except KeyboardInterrupt:
            environment.note("\nnothing was written")
            raise
    definitions = [(kind, id, body) for (kind, id), body in prompts.new_entities.items()]
    definitions.append(("event", "", prompts.body))
    new_id, allow_duplicate = "", request.flag(write_commands.FORCE)

    def edit_draft(draft: Draft) -> None:
        nonlocal new_id
        for kind, id, body in definitions:
            new_id = add.add_to_draft(draft, kind, id, body, target_file=target_file, allow_duplicate=allow_duplicate)

    environment.note("\n" + _format_definitions(definitions))
    while True:
        if not prompts.confirm("Write it?", default=True):
            raise AutotimelineError("nothing was written")
        try:
            with write_commands.open_writer(request, environment, "add", prompts.body["title"]) as writer:
                files = writer.change(edit_draft)
            break
        except add.DuplicateEventError as error:
            environment.note("\n".join(error.lines))
            allow_duplicate = True
        except AutotimelineError:
            # The store has changed in the meantime, or cannot be written.
            environment.note(f"what you answered:\n{_format_definitions(definitions)}")
            raise
    return write_commands.report_added(request, environment, files, [new_id])


class _EventPrompts:
    """Prompts for the keys of an event, and for the actors and sources that are added with it."""

    def __init__(self, timeline: Timeline, environment: Environment) -> None:
        self.environment = environment
        self.body: dict[str, Any] = {}
        self.new_entities: dict[tuple[str, str], dict[str, Any]] = {}
        self.resolve_day = day_resolver(timeline.today)
        self.all_events = timeline.select()
        self.kinds = list(self.all_events.catalog.completion_values("kind"))

    def ask_everything(self) -> None:
        """Ask for all keys, in the order of a store; an empty answer skips a key."""
        values = self.all_events.catalog.completion_values
        self.environment.note("Answer, or press Enter to go on; Tab completes; Ctrl-C ends it, and nothing is written.")
        self._ask_until_valid("What happened?", self._setter("title"), required=True)
        self._ask_until_valid("When? 2025-11-22, 2025-11, ~2023, by 2026, 2025H1, …", self._setter("date"))
        if "date" not in self.body:
            self._ask_until_valid("Or throughout which time? 2025H1, 2023/2025-06, …", self._setter("period"))
        self._ask_until_valid("What kind of event?", self._set_kind, self.kinds)
        self._ask_until_valid("Did it happen, is it planned or cancelled? [happened]", self._setter("status"), STATUSES)
        self._ask_repeatedly("Who took part? ID, or ROLE=ID.", self._add_actor, values("actor"))
        self._ask_repeatedly('A number? METRIC=VALUE, as investment="~2bn EUR".', self._add_figure, values("metric"))
        self._ask_repeatedly("Where?", self._setter("places", "+="), values("place"))
        self._ask_repeatedly("A tag?", self._setter("tags", "+="), values("tag"))
        self._ask_repeatedly("Who says so? The id of a source.", self._add_source, values("source"))
        self._ask_until_valid("A note?", self._setter("note"))

    def _ask_until_valid(
        self, text: str, accept: Callable[[str], None], words: Iterable[str] = (), *, required: bool = False
    ) -> bool:
        """Ask until an answer is accepted; return False for an empty one."""
        completions = list(words)
        while True:
            response = self._ask(text, completions)
            if not response and not required:
                return False
            try:
                if not response:
                    raise UsageError("an event needs a title")
                accept(response)
            except UsageError as error:
                self.environment.note(f"  {error}")
            else:
                return True

    def _ask_repeatedly(self, text: str, accept: Callable[[str], None], words: Iterable[str] = ()) -> None:
        completions, suffix = list(words), ""
        while self._ask_until_valid(text + suffix, accept, completions):
            suffix = " (another?)"

    def _assign(self, *words: assignments.Assignment) -> None:
        """Add an answer to the event if it is valid."""
        body = assignments.apply_assignments("event", self.body, words, self.resolve_day)
        if problems := parse_entry("event", "", {"id": "new", "title": "…", **body})[1]:
            raise UsageError("\n  ".join(what for _, what in problems))
        self.body = body

    def _setter(self, key: str, operator: str = "=") -> Callable[[str], None]:
        return lambda answer: self._assign(assignments.Assignment((key,), operator, answer))

    def _set_kind(self, response: str) -> None:
        hint = suggest(response, self.kinds)
        if response not in self.kinds and hint and not self.confirm(f'No event is "{response}" yet{hint}\nKeep it?'):
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
        """Return the id of an actor or source, after asking for it if it does not exist."""
        if (kind, name) in self.new_entities:
            return name
        try:
            return look_up()
        except UnknownNameError as error:
            if not self.confirm(f"{error}\nAdd it?"):
                raise UsageError("name another, or go on") from None
        key = "name" if kind == "actor" else "title"
        body = {key: self._ask(f"Its {key}? [{name}]") or name}
        id_source, id = name if slugify(name) else self._ask("Its id, in a-z, 0-9 and hyphens?"), ""
        if slugify(id_source):
            id = make_entity_id(
                kind,
                id_source,
                IdAllocator(self.all_events.catalog.completion_values(kind)),
                {other_id for other_kind, other_id in self.new_entities if other_kind == kind},
            )
        if kind == "source" and (published := self._ask("When did it appear?")):
            body["published"] = published
        words = [assignments.Assignment((key,), "=", value) for key, value in body.items()]
        body = assignments.apply_assignments(kind, {}, words, self.resolve_day)
        _, problems = parse_entry(kind, id, body)
        if not id or problems:
            raise UsageError("\n  ".join([what for _, what in problems] or ["it needs an id"]))
        self.new_entities[kind, id] = body
        return id

    def confirm(self, text: str, *, default: bool = False) -> bool:
        """Ask a question to which the answer is yes or no."""
        response = self._ask(f"{text} [{'Y/n' if default else 'y/N'}]").lower()
        return default if not response else response in ("y", "yes")

    def _ask(self, text: str, completions: Sequence[str] = ()) -> str:
        """Ask on stderr and return the answer, stripped.

        Raises:
            AutotimelineError: If the input ends, or is not valid text.
        """
        preceding, _, last = text.rpartition("\n")
        if preceding:
            self.environment.note(preceding)
        prompt = f"{escape_control(last)} "
        try:
            if self.environment.stdout_is_tty():
                _set_completions(completions)
                response = input(prompt)
            else:
                print(prompt, end="", file=self.environment.stderr, flush=True)
                response = self.environment.stdin.readline() if self.environment.stdin else ""
                if not response:
                    raise EOFError
            response.encode()
        except EOFError:
            raise AutotimelineError("the answers end here; nothing was written") from None
        except UnicodeError:
            raise AutotimelineError("what was typed is no UTF-8; nothing was written") from None
        return response.strip()


def _format_definitions(definitions: Sequence[tuple[str, str, dict[str, Any]]]) -> str:
    return "\n".join(
        format_block(f"{kind}.{id}" if id else kind, add.sort_keys(kind, body)) for kind, id, body in definitions
    )


def _set_completions(completions: Sequence[str]) -> None:
    """Let Tab complete these words, if the terminal supports it."""
    with suppress(ImportError):
        import readline

        def complete(typed: str, number: int) -> str | None:
            role, equals, name = typed.rpartition("=")
            matches = [f"{role}{equals}{word}" for word in completions if word.startswith(name)]
            return matches[number] if number < len(matches) else None

        readline.set_completer_delims("\n")
        readline.set_completer(complete)
        readline.parse_and_bind("tab: complete")
