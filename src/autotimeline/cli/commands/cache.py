"""`autotimeline cache`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.index import cache_directory
    from autotimeline.table import Column, Table

    if values["clear"]:
        cache_directory.delete_all()
    rows = iter([(path, size) for path, size, _ in cache_directory.list_indexes()])
    run_query.write_table(Table([Column("index"), Column("bytes")], rows), run_query.resolve_format(values), values, ())
    return 0


CLEAR = options.Option("clear", "--clear", "Throw them away; this costs only time.")
COMMAND = options.Command(
    "Show the indexes that are kept, the newest first; clear them.",
    _run,
    (CLEAR, options.FORMAT, options.OUTPUT, options.COLOR, options.ASCII),
)
