"""`jsonl`: one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.changes.entries import Data, Place, Problem
from autotimeline.changes.records._json import add, decoded, no_json

if TYPE_CHECKING:
    from autotimeline.changes.entries import How

ENDINGS = (".jsonl", ".ndjson")


def read(text: str, file: str, how: How) -> Data:
    """Return the objects as rows; empty lines count for nothing."""
    data = Data(file)
    for line, each in enumerate(text.split("\n"), 1):
        if not each.strip():
            continue
        try:
            value = decoded(each)
        except (ValueError, RecursionError) as error:
            data.problems.append(Problem(Place(file, line, len(data.rows) + len(data.problems) + 1), no_json(error)))
        else:
            add(data, value, line)
    return data
