"""`autotimeline schema`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.cli.bundled import read_bundled

    with environment.open_output(values["output"], []) as out:
        out.write(read_bundled("facts.schema.json"))
    return 0


COMMAND = options.Command("The JSON Schema of a store, for editors.", _run, (options.OUTPUT,))
