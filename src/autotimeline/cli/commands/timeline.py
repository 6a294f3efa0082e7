"""`autotimeline timeline`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("timeline", values, exact=values["exact"], since=values["since_event"])


EXACT = options.Option("exact", "--exact", "Tell the gaps between events in days.")
COMMAND = options.Command(
    "The story from top to bottom.",
    _run,
    (*options.QUERY_OPTIONS, *options.ELAPSED_OPTIONS, EXACT),
    (options.QUERY_ARGUMENT,),
)
