"""`autotimeline show`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query
    from autotimeline.query.parser import Or, Term

    return run_query.run_view("show", values, (), Or([Term("id", id) for id in values["ids"]]))


def _extra_fields() -> Sequence[str]:
    from autotimeline.views import show

    return show.EXTRA_FIELDS


IDS = options.Argument("ids", "ID...", "The ids of the events.", min_count=1, completion="id")
COMMAND = options.Command(
    "A fact card: everything, its sources, its links both ways.",
    _run,
    options.QUERY_OPTIONS,
    (IDS,),
    extra_fields=_extra_fields,
)
