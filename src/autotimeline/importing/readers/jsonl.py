"""`jsonl`: one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.importing.readers._json_values import add, decoded, no_json
from autotimeline.importing.records import Data, Place, Problem

if TYPE_CHECKING:
    from autotimeline.importing.records import How

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
