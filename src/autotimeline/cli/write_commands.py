"""Options and messages of the commands that write a store."""

from __future__ import annotations

from contextlib import contextmanager, suppress

from autotimeline.cli import options
from autotimeline.errors import AutotimelineError, UsageError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autotimeline.api import Timeline
    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.editing.transaction import FileChanges, StoreWriter
    from autotimeline.importing.plan import ImportPlan

_MAX_COMPARED = 50

DRY_RUN = options.Option("--dry-run", "Print the change as a unified diff, and write nothing.")
TIMEOUT = options.Option("--timeout", "Wait this long for another writer; 30 by default.", "SECONDS", is_number=True)
FORCE = options.Option("--force", "Write in spite of duplicates or references.")
INTO = options.Option("--into", "Write new entries to this file of the store.", "FILE")
NO_CREATE = options.Option("--no-create", "Refuse actors and sources that do not exist.")
WRITE_OPTIONS = (*options.STORE_OPTIONS, DRY_RUN, TIMEOUT)

ID_ARGUMENT = options.Argument(
    "thing", "ID", "An event, actor, source, era, metric, or rate.", "thing", min_count=1, max_count=1
)


@contextmanager
def open_writer(request: Request, environment: Environment, command: str, *words: str) -> Iterator[StoreWriter]:
    """Yield a writer of the store; the undo log records the command and its words.

    Raises:
        UsageError: If a word is not valid text.
    """
    from shlex import join

    from autotimeline.editing.transaction import StoreWriter
    from autotimeline.store.atomic_write import DEFAULT_LOCK_TIMEOUT

    for text in request.all_texts():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UsageError(f'"{text}": invalid UTF-8; nothing was written: type it again') from None
    timeout = request.number(TIMEOUT)
    progress_bar = environment.progress_bar(request)
    try:
        yield StoreWriter(
            request.texts(options.FILE),
            join([command, *words]),
            lock_timeout=DEFAULT_LOCK_TIMEOUT if timeout is None else timeout,
            dry_run=request.flag(DRY_RUN),
            notify=environment.note,
            today=request.text(options.TODAY) or environment.today,
            cache=not request.flag(options.NO_CACHE),
            progress=progress_bar,
        )
    finally:
        if progress_bar:
            progress_bar.close()


def report_change(request: Request, environment: Environment, files: FileChanges, message: str) -> None:
    """Print the change after a dry run; otherwise write a note on a terminal."""
    if request.flag(DRY_RUN):
        from autotimeline.editing.unified_diff import format_unified_diff
        from autotimeline.text import escape_control

        diff = format_unified_diff(files)
        with environment.open_output() as out:
            out.write(escape_control(diff, keep="\t\n\r") if environment.stdout_is_tty() else diff)
    elif environment.stderr_is_tty():
        environment.note(
            f"{message}; revert it with `autotimeline undo`" if files else "nothing to change: the values are the same"
        )


def report_added(request: Request, environment: Environment, files: FileChanges, plan: ImportPlan) -> int:
    """Print the new ids, one per line, and return the exit code; stderr has what was created and is to be checked.

    Raises:
        AutotimelineError: If they cannot be printed; it names them, because the store contains them already.
    """
    from autotimeline.cli import run_query

    for line in plan.messages:
        environment.error(line)
    for entity in plan.created:
        environment.warn(f'new {entity.kind} "{entity.id}": {entity.name}{entity.hint}')
    ids = plan.new_ids
    done = f"{', '.join(ids)}: added"
    report_change(request, environment, files, done)
    if request.flag(DRY_RUN):
        return 0
    try:
        with environment.open_output() as out:
            out.writelines(f"{id}\n" for id in ids)
    except BrokenPipeError:
        raise
    except (OSError, AutotimelineError) as error:
        what = f"{done}, but not printed ({error_reason(error)}); revert it with `autotimeline undo`"
        raise AutotimelineError(what) from None
    with suppress(AutotimelineError), run_query.open_store(request, environment, check=False) as timeline:
        for line in _findings(timeline, plan.new_event_ids):
            environment.error(line)
    return 0


def _findings(timeline: Timeline, ids: Sequence[str]) -> Iterator[str]:
    """Yield what `check --strict` reports about new events.

    A few are compared only with the events of their actors and metrics, so that it does not take the time of `check`.
    """
    query = " or ".join(f"id:{id}" for id in ids)
    for actors, figures in timeline.select(query).rows(("actors", "figures")) if len(ids) <= _MAX_COMPARED else ():
        metrics = ",".join(figure["metric"] for figure in figures)
        of_actors = " actor:" + ",".join(actor["id"] for actor in actors) if actors else ""
        query += f" or (metric:{metrics}{of_actors})" if metrics else ""
    for finding in timeline.findings(query if len(ids) <= _MAX_COMPARED else "", strict=True) if ids else ():
        if not {finding.event, *finding.other_events}.isdisjoint(ids):
            yield f'{finding.file}:{finding.line}: event "{finding.event}": {finding.text}'
