"""`autotimeline names`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline import plugins, views
    from autotimeline.cli import answer

    form = answer.chosen_format(values)
    opened = answer.story(values)
    selection = answer.select(opened, values, values["query"])
    table = plugins.load(views, "names").table(selection, [values["field"]])
    answer.write(table, form, values, opened.files)
    return 0


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
    (*options.STORE, *options.OUT, *options.TERMS, options.AS_OF),
    (FIELD, options.QUERY_WORDS),
)
