"""What the program says when it is run bare: the store in a few lines, and what to try."""

from __future__ import annotations

from autotimeline import plugins, views
from autotimeline.cli import environment, run_query
from autotimeline.errors import StoreError
from autotimeline.store.locate import locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def summary(values: dict[str, Any], help: str) -> int:
    """Show the store in reach; where there is none, the help."""
    values = {**values, "file": values["file"] or [], "format": None, "output": None}
    if not values["file"]:
        try:
            locate(())
        except StoreError as error:
            with environment.opened(None, []) as out:
                out.write(help + "\n")
            environment.say(f"\nautotimeline: {error}")
            return 0
    opened = run_query.story(values)
    table = plugins.load(views, "summary").table(opened.select(), ())
    run_query.write(table, run_query.chosen_format(values), values, opened.files)
    return 0
