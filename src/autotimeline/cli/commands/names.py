"""`autotimeline names`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import answer

    return answer.query("names", values, vocabulary=values["field"])


FIELD = options.Words(
    "field",
    "FIELD",
    "actors, sources, eras, kinds, statuses, roles, tags, places, metrics or aliases.",
    at_least=1,
    most=1,
    complete="names",
)
COMMAND = options.Command(
    "The vocabulary: names in use, with how many events each has.",
    _run,
    options.QUERY,
    (FIELD, options.QUERY_WORDS),
)
