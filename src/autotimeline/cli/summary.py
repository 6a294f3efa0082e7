"""What the program says when it is run bare: the store in a few lines, and what to try."""

from __future__ import annotations

from autotimeline import plugins, views
from autotimeline.cli import environment, run_query
from autotimeline.errors import StoreError
from autotimeline.store.locate import find_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def show_summary(values: dict[str, Any], help: str) -> int:
    """Show the store in reach; where there is none, the help."""
    values = {**values, "file": values["file"] or [], "format": None, "output": None}
    if not values["file"]:
        try:
            find_files(())
        except StoreError as error:
            with environment.open_output(None, []) as out:
                out.write(help + "\n")
            environment.print_note(f"\nautotimeline: {error}")
            return 0
    timeline = run_query.open_store(values)
    table = plugins.load(views, "summary").table(timeline.select(), ())
    run_query.write_table(table, run_query.resolve_format(values), values, timeline.files)
    return 0
