"""`autotimeline list`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("list", values, since=values["since_event"])


COMMAND = options.Command(
    "One row an event.", _run, (*options.QUERY_OPTIONS, *options.ELAPSED_OPTIONS), (options.QUERY_ARGUMENT,)
)
