"""Add an event by prompts: each answer is tried at once, and nothing is written before the last one."""

from __future__ import annotations

import os
import shlex
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from autotimeline.cli import run_query, write_commands
from autotimeline.cli.days import day_resolver
from autotimeline.editing.assignments import Assignment
from autotimeline.editing.draft import RejectedChangeError
from autotimeline.editing.ids import split_url
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing.plan import DuplicateEventError, ImportPlan
from autotimeline.importing.typed import TypedEntry, parse_option
from autotimeline.keys import EVENT
from autotimeline.schema import STATUSES
from autotimeline.text import escape_control, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.editing.draft import Draft
    from autotimeline.editing.transaction import FileChanges

_BACK = "<"
_QUESTIONS = {
    "title": "What happened?",
    "date": "When? 2025-11-22, 2025-11, ~2023, by 2026, 2025H1, …",
    "period": "Or throughout which time? 2025H1, 2023/2025-06, …",
    "kind": "What kind of event?",
    "status": "Did it happen, is it planned or cancelled? [happened]",
    "actors": "Who took part? NAME, or ROLE=NAME.",
    "figures": 'A number? METRIC=VALUE, as investment="~2bn EUR".',
    "places": "Where?",
    "tags": "A tag?",
    "sources": "Who says so? A title, an id, or a URL.",
    "note": "A note?",
}
_KEYS = tuple(_QUESTIONS)


def prompt_event(request: Request, environment: Environment) -> int:
    """Ask for an event, show it, and add it; return the exit code.

    Raises:
        AutotimelineError: If the input ends early, or the event is not added; the error names a file with the answers.
    """
    prompts = _EventPrompts(request, environment)
    environment.note(f"Answer, or press Enter to go on; {_BACK} goes back; Tab completes; Ctrl-C ends it.")
    try:
        files, plan = prompts.ask_and_write()
    except KeyboardInterrupt:
        environment.note("\n".join(["\nnothing was written", *prompts.save()]))
        raise
    except AutotimelineError as error:
        raise AutotimelineError(*str(error).split("\n"), *prompts.save()) from None
    return write_commands.report_added(request, environment, files, plan)


class _EventPrompts:
    """The answers so far, and the questions to come."""

    def __init__(self, request: Request, environment: Environment) -> None:
        self._request = request
        self._environment = environment
        # Each answer with the position of its question; None for a skipped question.
        self._history: list[tuple[int, Assignment | None]] = []
        self._source_details: dict[str, list[Assignment]] = {}
        self._confirmed: set[tuple[str, str]] = set()
        self._text = ""  # that of the new blocks
        target_file = request.text(write_commands.INTO)

        def check_store(draft: Draft) -> None:
            draft.timeline.check()
            draft.target_file(target_file)

        # Fail before the first question if the store cannot be written.
        with write_commands.open_writer(request, environment, "add") as writer:
            writer.preview(check_store)
        with run_query.open_store(request, environment, check=False) as timeline:
            values = timeline.select().catalog.completion_values
            fields = {key: EVENT[key].field for key in ("kind", "actors", "places", "tags", "sources")}
            self._words = {key: list(values(field)) for key, field in (fields | {"figures": "metric"}).items()}
        self._words["status"] = list(STATUSES)

    def ask_and_write(self) -> tuple[FileChanges, ImportPlan]:
        """Ask for all keys, in the order of a store, and whether to write them; an empty answer skips a key."""
        position, allow_duplicates = 0, self._request.flag(write_commands.FORCE)
        while True:
            while position < len(_KEYS):
                position = self._ask_question(position)
            # The store may have changed since the answers.
            self._confirm_created(self._try())
            self._environment.note(f"\n{self._text}")
            response = self._ask("Write it? [Y/n]").lower()
            if response == _BACK:
                position = self._go_back(position)
                continue
            if response not in ("", "y", "yes"):
                raise AutotimelineError("nothing was written")
            try:
                return self._write(allow_duplicates=allow_duplicates)
            except DuplicateEventError as error:
                self._environment.note("\n".join(error.lines))
                allow_duplicates = True

    def _go_back(self, position: int) -> int:
        """Drop the last answer, and return the position of its question."""
        if not self._history:
            return position
        position, _ = self._history.pop()
        self._text = ""
        if self._history:
            self._try()
        return position

    def _ask_question(self, position: int) -> int:
        """Ask a question, and return the position of the next one."""
        key = _KEYS[position]
        answered = {_KEYS[index] for index, assignment in self._history if assignment}
        if key == "period" and "date" in answered:
            return position + 1
        suffix = " (another?)" if key in answered else ""
        response = self._ask(_QUESTIONS[key] + suffix, self._words.get(key, ()))
        if response == _BACK:
            return self._go_back(position)
        try:
            if not response and key == "title":
                raise UsageError("an event needs a title")
            self._accept(position, key, response)
        except (UsageError, RejectedChangeError) as error:
            self._environment.note(f"  {error}")
            return position
        return position if response and EVENT[key].singular != key else position + 1

    def _accept(self, position: int, key: str, response: str) -> None:
        """Add an answer, or raise an error if the event could not be added with it."""
        is_new_kind = key == "kind" and response and response not in self._words["kind"]
        hint = suggest(response, self._words["kind"]) if is_new_kind else ""
        if hint and not self._confirm(f'No event is "{response}" yet{hint}\nKeep it?'):
            raise UsageError(f"there are {', '.join(self._words['kind'])}")
        self._history.append((position, parse_option(key, response) if response else None))
        try:
            if response:
                self._confirm_created(self._try())
        except AutotimelineError:
            self._history.pop()
            raise

    def _confirm_created(self, plan: ImportPlan) -> None:
        """Ask whether to add each actor and source that does not exist, and for the keys of a source."""
        for entity in plan.created:
            if (entity.kind, entity.name) in self._confirmed:
                continue
            if not self._confirm(f'no {entity.kind} "{entity.name}"{entity.hint}\nAdd it?'):
                raise UsageError("name another, or go on")
            details = {}
            if entity.kind == "source" and split_url(entity.name):
                details["title"] = self._ask(f"Its title? [{entity.name}]")
            if entity.kind == "source":
                details["published"] = self._ask("When did it appear?")
            if _BACK in details.values():
                raise UsageError("name another, or go on")
            assignments = [Assignment((key,), "=", value) for key, value in details.items() if value]
            self._source_details[entity.name] = assignments
            try:
                self._try()
            except AutotimelineError:
                del self._source_details[entity.name]
                raise
            self._confirmed.add((entity.kind, entity.name))

    def _try(self) -> ImportPlan:
        """Return what adding the event would do, or raise the error; nothing is written."""
        plans: list[ImportPlan] = []
        with write_commands.open_writer(self._request, self._environment, "add") as writer:
            writer.preview(lambda draft: plans.append(self._add(draft, allow_duplicates=True)))
        self._text = "\n".join(text for _, text, _ in plans[-1].blocks)
        return plans[-1]

    def _add(self, draft: Draft, *, allow_duplicates: bool) -> ImportPlan:
        entry = TypedEntry(
            "event",
            "",
            [assignment for _, assignment in self._history if assignment],
            source_details=self._source_details,
            target_file=self._request.text(write_commands.INTO),
            allow_duplicates=allow_duplicates,
            create=not self._request.flag(write_commands.NO_CREATE),
        )
        return entry.add(draft, day_resolver(draft.timeline.today))

    def _write(self, *, allow_duplicates: bool) -> tuple[FileChanges, ImportPlan]:
        """Add the event to the store."""
        plans: list[ImportPlan] = []
        title = next(assignment.value for _, assignment in self._history if assignment)
        with write_commands.open_writer(self._request, self._environment, "add", title) as writer:
            files = writer.change(lambda draft: plans.append(self._add(draft, allow_duplicates=allow_duplicates)))
        return files, plans[-1]

    def save(self) -> list[str]:
        """Write the answers to a temporary file, and return the line that names it; no line without answers."""
        if not self._text:
            return []
        path = os.path.join(tempfile.mkdtemp(prefix="autotimeline-"), "event.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self._text)
        return [f"your answers are in {path}; add them with `autotimeline add - < {shlex.quote(path)}`"]

    def _confirm(self, text: str) -> bool:
        return self._ask(f"{text} [y/N]").lower() in ("y", "yes")

    def _ask(self, text: str, completions: Sequence[str] = ()) -> str:
        """Ask on stderr and return the answer, stripped.

        Raises:
            AutotimelineError: If the input ends, or is not valid text.
        """
        preceding, _, last = text.rpartition("\n")
        if preceding:
            self._environment.note(preceding)
        prompt = f"{escape_control(last)} "
        try:
            if self._environment.stdout_is_tty():
                _set_completions(completions)
                response = input(prompt)
            else:
                print(prompt, end="", file=self._environment.stderr, flush=True)
                response = self._environment.stdin.readline() if self._environment.stdin else ""
                if not response:
                    raise EOFError
            response.encode()
        except EOFError:
            raise AutotimelineError("missing answer; nothing was written") from None
        except UnicodeError:
            raise AutotimelineError("invalid UTF-8 in the answer; nothing was written") from None
        return response.strip()


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
