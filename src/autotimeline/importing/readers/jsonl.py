"""`jsonl`: one JSON object per line."""

from autotimeline.importing.readers._json_values import add_row, explain_json_error, parse_strict_json
from autotimeline.importing.records import ParsedFile, ReadOptions

EXTENSIONS = (".jsonl", ".ndjson")


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse each line that is not empty as a row."""
    parsed = ParsedFile(file)
    for line, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        try:
            value = parse_strict_json(content)
        except (ValueError, RecursionError) as error:
            parsed.add_problem(parsed.next_row(line), explain_json_error(error))
        else:
            add_row(parsed, value, line)
    return parsed
