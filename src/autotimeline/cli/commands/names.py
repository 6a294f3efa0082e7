"""`autotimeline names`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.query.catalog import VOCABULARIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query

    return run_query.run_view("names", values, vocabulary=values["field"])


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import names

    return names.FIELDS


_FIELD_NAMES = tuple(VOCABULARIES)
FIELD = options.Argument(
    "field",
    "FIELD",
    f"{', '.join(_FIELD_NAMES[:-1])} or {_FIELD_NAMES[-1]}.",
    min_count=1,
    max_count=1,
    completion="names",
)
COMMAND = options.Command(
    "The vocabulary: names in use, with how many events each has.",
    _run,
    options.QUERY_OPTIONS,
    (FIELD, options.QUERY_ARGUMENT),
    fields=_fields,
)
