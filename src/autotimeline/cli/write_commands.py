"""What the commands that write a store share: their options, and what they say."""

from __future__ import annotations

from contextlib import contextmanager

from autotimeline.cli import environment, options
from autotimeline.errors import AutotimelineError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from autotimeline.editing.transaction import FileChanges, StoreWriter

DRY_RUN = options.Option("dry_run", "--dry-run", "Print the change as a unified diff, and write nothing.")
TIMEOUT = options.Option(
    "timeout", "--timeout", "How long to wait for another that writes; 30 seconds.", "SECONDS", is_number=True
)
FORCE = options.Option("force", "--force", "Do it all the same.")
INTO = options.Option("into", "--into", "Which file of the store takes what is new.", "FILE")
WRITE_OPTIONS = (*options.STORE_OPTIONS, DRY_RUN, TIMEOUT)

ID_ARGUMENT = options.Argument(
    "thing", "ID", "An event, actor, source or era.", min_count=1, max_count=1, completion="thing"
)


@contextmanager
def open_writer(values: dict[str, Any], command: str, *words: str) -> Iterator[StoreWriter]:
    """Hand out what changes the store that the options name; `command` and its words are what is said to have done so.

    Raises:
        UsageError: where a word is no text.
    """
    from shlex import join

    from autotimeline.editing.transaction import StoreWriter
    from autotimeline.store.atomic_write import DEFAULT_LOCK_TIMEOUT

    _require_encodable(values.values())
    progress_bar = environment.make_progress_bar(values["color"])
    try:
        yield StoreWriter(
            values["file"],
            join([command, *words]),
            lock_timeout=DEFAULT_LOCK_TIMEOUT if values["timeout"] is None else values["timeout"],
            dry_run=values["dry_run"],
            notify=environment.print_note,
            today=values["today"],
            cache=not values["no_cache"],
            progress=progress_bar,
        )
    finally:
        if progress_bar:
            progress_bar.close()


def report_change(values: dict[str, Any], files: FileChanges, message: str) -> None:
    """Print the change where that is all that was asked for; else tell a person what was done."""
    if values["dry_run"]:
        from autotimeline.editing.unified_diff import format_unified_diff
        from autotimeline.text import escape_control

        diff = format_unified_diff(files)
        with environment.open_output(None, []) as out:
            out.write(escape_control(diff, keep="\t\n\r") if environment.stdout_is_tty() else diff)
    elif environment.stderr_is_tty():
        environment.print_note(
            f"{message}; `autotimeline undo` takes it back" if files else "nothing to change: it says so already"
        )


def report_added(values: dict[str, Any], files: FileChanges, ids: list[str]) -> int:
    """Print the ids of what is new, for who goes on with them, and return the exit code.

    Raises:
        AutotimelineError: if they cannot be printed; it names them, because the store has them already.
    """
    done = f"{', '.join(ids)}: added"
    report_change(values, files, done)
    if not values["dry_run"]:
        try:
            with environment.open_output(None, []) as out:
                out.writelines(f"{id}\n" for id in ids)
        except BrokenPipeError:
            raise
        except (OSError, AutotimelineError) as error:
            what = f"{done}, but not printed ({error_reason(error)}); `autotimeline undo` takes it back"
            raise AutotimelineError(what) from None
    return 0


def _require_encodable(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, list):
            _require_encodable(value)
        elif isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                raise UsageError(f'"{value}": its bytes are no UTF-8; nothing was written: type it anew') from None
