"""`autotimeline diff`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from autotimeline.reports.store_diff import Change


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.errors import UsageError
    from autotimeline.store.locate import STDIN
    from autotimeline.views import diff

    sides = [values["old"], values["new"]]
    if values["file"]:
        raise UsageError("diff takes its two stores as words, not with -f: autotimeline diff OLD NEW")
    if sides == [STDIN, STDIN]:
        raise UsageError("standard input can be read once; name a file for OLD or for NEW")
    formatter = run_query.resolve_format(values)
    fields = run_query.resolve_fields(
        values, diff.DEFAULT_FIELDS, diff.FIELDS, all_by_default=formatter.ALL_FIELDS_BY_DEFAULT
    )
    changes, files = _compare_stores(sides, values)
    if changes or formatter.ALL_FIELDS_BY_DEFAULT:
        table = diff.table(changes, fields)
        if values["fields"]:
            table.draw = None
        run_query.write_table(table, formatter, values, files)
    return 1 if changes else 0


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import diff

    return diff.FIELDS


def _compare_stores(sides: list[str], values: dict[str, Any]) -> tuple[list[Change], list[str]]:
    """Return what differs, and the files of both stores.

    Raises:
        StoreError: where a store cannot be read or is invalid; the other one's error has then been told.
    """
    import os

    from autotimeline import api
    from autotimeline.cli import environment
    from autotimeline.errors import StoreError
    from autotimeline.index import cache
    from autotimeline.reports.store_diff import diff_stores

    # Where an index is damaged all is asked again, and what is read only once would then be empty.
    can_reread = not values["no_cache"] and all(os.path.isfile(side) or os.path.isdir(side) for side in sides)
    stores, errors = [], []
    for side in sides:
        try:
            files = _find_store_files(side)
            # To compare leaves no index behind: git names the files that it compares anew each time.
            stores.append(api.open(*files, cache=can_reread and os.path.exists(cache.index_path(files))))
        except StoreError as error:
            errors.append(error)
    for earlier_error in errors[:-1]:
        environment.print_error(str(earlier_error))
    if errors:
        raise errors[-1]
    old, new = stores
    return list(diff_stores(old.select(), new.select())), [*old.files, *new.files]


def _find_store_files(side: str) -> list[str]:
    import os

    from autotimeline.errors import StoreError, error_reason
    from autotimeline.store.locate import STDIN, find_files

    try:
        if side != STDIN:
            os.stat(side)
    except OSError as error:
        what = f"{side}: {error_reason(error)}; name a TOML file, a folder of them, or - for standard input"
        raise StoreError(what) from None
    return find_files([side])


OLD = options.Argument(
    "old", "OLD", "A store: a TOML file, a folder of them, - for standard input.", min_count=1, max_count=1
)
NEW = options.Argument("new", "NEW", "The store that it became, or is compared with.", min_count=1, max_count=1)
COMMAND = options.Command(
    "What changed between two stores, fact by fact.",
    _run,
    (options.NO_CACHE, options.COLOR, options.ASCII, *options.OUTPUT_OPTIONS, options.FIELDS),
    (OLD, NEW),
    fields=_fields,
)
