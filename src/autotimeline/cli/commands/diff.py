"""`autotimeline diff`."""

from __future__ import annotations

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import StoreError, UsageError, error_reason
from autotimeline.store.locate import STDIN, find_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.reports.store_diff import Change


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.views import diff

    sides = [request.required(OLD), request.required(NEW)]
    if request.texts(options.FILE):
        raise UsageError("-f: not an option of diff; write autotimeline diff OLD NEW")
    if sides == [STDIN, STDIN]:
        raise UsageError("standard input can be read once; name a file for OLD or for NEW")
    formatter = run_query.resolve_format(request, environment)
    fields = run_query.resolve_fields(request, formatter, diff.DEFAULT_FIELDS, diff.FIELDS)
    changes, files = _compare_stores(sides, request, environment)
    if changes or formatter.ALL_FIELDS_BY_DEFAULT:
        table = diff.table(changes, fields)
        if request.is_given(options.FIELDS):
            table = table.replace(drawing=None)
        run_query.write_table(table, formatter, request, environment, files)
    return 1 if changes else 0


def _compare_stores(sides: list[str], request: Request, environment: Environment) -> tuple[list[Change], list[str]]:
    """Return the differences, and the files of both stores.

    Raises:
        StoreError: If a store cannot be read or is invalid; if both are, the first error has been written.
    """
    from autotimeline import api
    from autotimeline.index import cache
    from autotimeline.reports.store_diff import diff_stores

    # If an index is damaged, the query runs again, and a pipe would then be empty.
    can_reread = not request.flag(options.NO_CACHE) and all(
        os.path.isfile(side) or os.path.isdir(side) for side in sides
    )
    stores, errors = [], []
    for side in sides:
        try:
            files = _find_store_files(side)
            # A new index would not be used again: git gives the files that it compares new names each time.
            stores.append(api.open(*files, cache=can_reread and os.path.exists(cache.index_path(files))))
        except StoreError as error:
            errors.append(error)
    for earlier_error in errors[:-1]:
        environment.error(str(earlier_error))
    if errors:
        raise errors[-1]
    old, new = stores
    return list(diff_stores(old.select(), new.select())), [*old.files, *new.files]


def _find_store_files(side: str) -> list[str]:
    try:
        if side != STDIN:
            os.stat(side)
    except OSError as error:
        what = f"{side}: {error_reason(error)}; name a TOML file, a folder of them, or - for standard input"
        raise StoreError(what) from None
    return find_files([side])


OLD = options.Argument(
    "old", "OLD", "A store: a TOML file, a directory of them, or - for standard input.", min_count=1, max_count=1
)
NEW = options.Argument("new", "NEW", "The store to compare it with.", min_count=1, max_count=1)
COMMAND = Command(
    "Show what changed between two stores.",
    _run,
    (options.NO_CACHE, options.COLOR, options.ASCII, *options.OUTPUT_OPTIONS, options.FIELDS),
    (OLD, NEW),
    view="diff",
)
