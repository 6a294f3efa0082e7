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

    return run_query.query("show", values, (), Or([Term("id", id) for id in values["ids"]]))


def _more() -> Sequence[str]:
    from autotimeline.views import show

    return show.MORE


IDS = options.Words("ids", "ID...", "The ids of the events.", at_least=1, complete="id")
COMMAND = options.Command(
    "A fact card: everything, its sources, its links both ways.", _run, options.QUERY, (IDS,), more=_more
)
