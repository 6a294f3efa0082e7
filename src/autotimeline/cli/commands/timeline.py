"""`autotimeline timeline`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import answer

    return answer.query("timeline", values)


COMMAND = options.Command("The story from top to bottom.", _run, options.QUERY, (options.QUERY_WORDS,))
