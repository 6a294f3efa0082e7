"""`autotimeline names`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.query.vocabulary import FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import run_query

    return run_query.query("names", values, vocabulary=values["field"])


def _fields(values: dict[str, Any]) -> Sequence[str]:
    from autotimeline.views import names

    return names.FIELDS


_KNOWN = tuple(FIELDS)
FIELD = options.Words(
    "field",
    "FIELD",
    f"{', '.join(_KNOWN[:-1])} or {_KNOWN[-1]}.",
    at_least=1,
    most=1,
    complete="names",
)
COMMAND = options.Command(
    "The vocabulary: names in use, with how many events each has.",
    _run,
    options.QUERY,
    (FIELD, options.QUERY_WORDS),
    fields=_fields,
)
