"""`jsonl`: one JSON object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotimeline.importing.readers._json_values import add_row, decode_json, explain_json_error
from autotimeline.importing.records import ImportProblem, ParsedFile, SourceLocation

if TYPE_CHECKING:
    from autotimeline.importing.records import ReadOptions

EXTENSIONS = (".jsonl", ".ndjson")


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Return the objects as rows; empty lines count for nothing."""
    parsed = ParsedFile(file)
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        try:
            value = decode_json(content)
        except (ValueError, RecursionError) as error:
            parsed.problems.append(
                ImportProblem(
                    SourceLocation(file, line, len(parsed.rows) + len(parsed.problems) + 1), explain_json_error(error)
                )
            )
        else:
            add_row(parsed, value, line)
    return parsed
