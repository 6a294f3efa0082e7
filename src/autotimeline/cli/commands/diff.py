"""`autotimeline diff`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import partial

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.dates.span import format_iso
from autotimeline.errors import AutotimelineError, StoreError, UsageError, error_reason
from autotimeline.store.locate import STDIN, find_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autotimeline.api import Timeline
    from autotimeline.reports.store_diff import Change
    from autotimeline.store.git_history import StoreHistory


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.views import diff

    old, new, since = request.text(OLD), request.text(NEW), request.text(SINCE)
    if since and old:
        raise UsageError("--since: not with OLD or NEW; remove one of them")
    if not (since or old):
        raise UsageError("nothing to compare; write autotimeline diff HEAD~1, or diff OLD NEW for two stores")
    if old == new == STDIN:
        raise UsageError("standard input can be read once; name a file for OLD or for NEW")
    formatter = run_query.resolve_format(request, environment)
    fields = run_query.resolve_fields(request, formatter, diff.DEFAULT_FIELDS, diff.FIELDS)
    with ExitStack() as stack:
        changes, files = _compare_stores(_list_sides(request, environment, stack), environment)
    if changes or formatter.ALL_FIELDS_BY_DEFAULT:
        table = diff.table(changes, fields)
        if request.is_given(options.FIELDS):
            table = table.replace(drawing=None)
        run_query.write_table(table, formatter, request, environment, files)
    return 1 if changes else 0


def _list_sides(request: Request, environment: Environment, stack: ExitStack) -> list[Callable[[], Timeline]]:
    """Return the functions that open the old and the new side: a store, or a version of the store in git."""
    words = [word for word in (request.text(OLD), request.text(NEW)) if word]
    paths = [word for word in words if _is_path(word)]
    # If an index is damaged, the query runs again, and a pipe would then be empty.
    can_reread = not request.flag(options.NO_CACHE) and all(os.path.isfile(p) or os.path.isdir(p) for p in paths)
    store_names = request.texts(options.FILE)
    if len(paths) == 2:
        if store_names:
            raise UsageError("-f: not with two stores; write autotimeline diff OLD NEW")
        return [partial(_open_path, path, can_reread) for path in paths]
    if len(words) == len(paths) == 1:
        raise UsageError(f"{words[0]}: a file, not a revision of git; name two stores, or a revision such as HEAD~1")
    history = _open_history(store_names, next((word for word in words if word not in paths), None))
    sides: list[Callable[[], Timeline]] = []
    if since := request.text(SINCE):
        day = _first_day(since, request, environment)
        commit = history.find_commit_before(day)
        sides.append(partial(_open_version, history, commit, commit[:10], stack))
        if environment.stderr_is_tty():
            environment.note(f"compared with {commit[:10]}, the last commit before {format_iso(day)}")
    for word in words:
        if word in paths:
            sides.append(partial(_open_path, word, can_reread))
        else:
            commit = _find_commit(history, word, request, environment)
            sides.append(partial(_open_version, history, commit, word, stack))
    if len(sides) == 1:
        sides.append(lambda: _open_files(find_files(store_names), can_reread))
    return sides


def _is_path(word: str) -> bool:
    return word == STDIN or os.path.exists(word) or (word.endswith(".toml") and ":" not in word)


def _first_day(text: str, request: Request, environment: Environment) -> int:
    """Return the first day of a period in words, as an ordinal.

    Raises:
        UsageError: If the text is not a period, or has no first day.
    """
    from autotimeline import api

    today = request.text(options.TODAY) or environment.today
    return api.parse_day(text, "since", today=api.parse_day(today, "today") if today else None, first=True)


def _open_history(store_names: Sequence[str], revision: str | None) -> StoreHistory:
    """Return the history of a store; its errors say that the revision, if there is one, is not a file."""
    from autotimeline.store.git_history import StoreHistory

    try:
        return StoreHistory(store_names)
    except AutotimelineError as error:
        raise type(error)(f'no file "{revision}", and no revisions: {error}' if revision else str(error)) from None


def _find_commit(history: StoreHistory, word: str, request: Request, environment: Environment) -> str:
    """Return the hash of a revision; the error about a day or a period suggests --since."""
    try:
        return history.find_commit(word)
    except UsageError:
        day = word.removeprefix("since:")
        try:
            _first_day(day, request, environment)
        except UsageError:
            raise UsageError(f'no file or revision "{word}"; `git log` lists the commits') from None
        raise UsageError(f'no revision "{word}"; did you mean "diff --since {day}"?') from None


def _compare_stores(
    sides: Sequence[Callable[[], Timeline]], environment: Environment
) -> tuple[list[Change], list[str]]:
    """Return the differences, and the files of both stores.

    Raises:
        StoreError: If a store cannot be read or is invalid; if both are, the first error has been written.
    """
    from autotimeline.reports.store_diff import diff_stores

    stores, errors = [], []
    for open_side in sides:
        try:
            stores.append(open_side())
        except StoreError as error:
            errors.append(error)
    for earlier_error in errors[:-1]:
        environment.error(str(earlier_error))
    if errors:
        raise errors[-1]
    old, new = stores
    return list(diff_stores(old.select(), new.select())), [*old.files, *new.files]


def _open_path(path: str, can_reread: bool) -> Timeline:
    try:
        if path != STDIN:
            os.stat(path)
    except OSError as error:
        what = f"{path}: {error_reason(error)}; name a TOML file, a directory of them, or - for standard input"
        raise StoreError(what) from None
    return _open_files(find_files([path]), can_reread)


def _open_files(files: Sequence[str], can_reread: bool) -> Timeline:
    from autotimeline import api
    from autotimeline.index import cache

    # A new index would not be used again: git gives the files that it compares new names each time.
    return api.open(*files, cache=can_reread and os.path.exists(cache.index_path(files)))


def _open_version(history: StoreHistory, commit: str, revision: str, stack: ExitStack) -> Timeline:
    import tempfile

    from autotimeline import api

    directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="autotimeline-"))
    names = history.write_version(commit, revision, directory)
    try:
        return api.open(*names, cache=False)
    except StoreError as error:
        text = str(error)
        for path, name in names.items():
            text = text.replace(path, name)
        raise StoreError(text) from None


OLD = options.Argument(
    "old", "[OLD]", "A TOML file, a directory of them, -, or a revision of git such as HEAD~1.", max_count=1
)
NEW = options.Argument(
    "new", "[NEW]", "The store or revision to compare it with. Default: the store as it is.", max_count=1
)
SINCE = options.Option("--since", "Compare with the last commit before this date.", "DATE")
COMMAND = Command(
    "Show what changed between two stores, or since a commit.",
    _run,
    (*options.STORE_OPTIONS, *options.OUTPUT_OPTIONS, options.FIELDS, SINCE),
    (OLD, NEW),
    view="diff",
)
