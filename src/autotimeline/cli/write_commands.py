"""What the commands that write a store share: their options, and what they say."""

from __future__ import annotations

from contextlib import contextmanager

from autotimeline.cli import environment, options
from autotimeline.errors import AutotimelineError, UsageError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from autotimeline.editing.transaction import Changer, Files

DRY_RUN = options.Option("dry_run", "--dry-run", "Print the change as a unified diff, and write nothing.")
TIMEOUT = options.Option(
    "timeout", "--timeout", "How long to wait for another that writes; 30 seconds.", "SECONDS", number=True
)
FORCE = options.Option("force", "--force", "Do it all the same.")
INTO = options.Option("into", "--into", "Which file of the store takes what is new.", "FILE")
WRITE = (*options.STORE, DRY_RUN, TIMEOUT)

THING = options.Words("thing", "ID", "An event, actor, source or era.", at_least=1, most=1, complete="thing")


@contextmanager
def changer(values: dict[str, Any], command: str, *words: str) -> Iterator[Changer]:
    """Hand out what changes the store that the options name; `command` and its words are what is said to have done so.

    Raises:
        UsageError: where a word is no text.
    """
    from shlex import join

    from autotimeline.editing.transaction import Changer
    from autotimeline.store.atomic_write import WAITED

    _encodable(values.values())
    bar = environment.bar(values["color"])
    try:
        yield Changer(
            values["file"],
            join([command, *words]),
            waited=WAITED if values["timeout"] is None else values["timeout"],
            dry=values["dry_run"],
            told=environment.say,
            today=values["today"],
            cache=not values["no_cache"],
            progress=bar,
        )
    finally:
        if bar:
            bar.end()


def tell(values: dict[str, Any], files: Files, done: str) -> None:
    """Print the change where that is all that was asked for; else tell a person what was done."""
    if values["dry_run"]:
        from autotimeline.editing.unified_diff import unified
        from autotimeline.text import safe

        shown = unified(files)
        with environment.opened(None, []) as out:
            out.write(safe(shown, keep="\t\n\r") if environment.is_terminal() else shown)
    elif environment.talks():
        environment.say(
            f"{done}; `autotimeline undo` takes it back" if files else "nothing to change: it says so already"
        )


def added(values: dict[str, Any], files: Files, ids: list[str]) -> int:
    """Print the ids of what is new, for who goes on with them, and return the exit code.

    Raises:
        AutotimelineError: if they cannot be printed; it names them, because the store has them already.
    """
    done = f"{', '.join(ids)}: added"
    tell(values, files, done)
    if not values["dry_run"]:
        try:
            with environment.opened(None, []) as out:
                out.writelines(f"{id}\n" for id in ids)
        except BrokenPipeError:
            raise
        except (OSError, AutotimelineError) as error:
            what = f"{done}, but not printed ({reason(error)}); `autotimeline undo` takes it back"
            raise AutotimelineError(what) from None
    return 0


def _encodable(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, list):
            _encodable(value)
        elif isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                raise UsageError(f'"{value}": its bytes are no UTF-8; nothing was written: type it anew') from None
