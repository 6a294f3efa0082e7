"""`json`: an array of objects, an object with such an array, or the tables of a store."""

import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any

from autotimeline.errors import AutotimelineError
from autotimeline.importing.readers._json_values import DECODER, add_row, explain_json_error, parse_strict_json
from autotimeline.importing.readers._store_tables import add_records, is_store
from autotimeline.importing.records import ParsedFile, ReadOptions

EXTENSIONS = (".json",)

_SPACE = re.compile(r"[ \t\r\n]*")


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the records of a store, or the rows of the only array of objects."""
    parsed = ParsedFile(file)
    try:
        if text.lstrip(" \t\r\n").startswith("["):
            for line, value in _iterate_array(text):
                add_row(parsed, value, line)
            return parsed
        document = parse_strict_json(text)
    except JSONDecodeError as error:
        raise AutotimelineError(f"{file}:{error.lineno}: {explain_json_error(error)}") from None
    except _ArrayItemError as error:
        raise AutotimelineError(f"{file}:{error.args[0]}: {error.args[1]}") from None
    except (ValueError, RecursionError) as error:
        raise AutotimelineError(f"{file}: {explain_json_error(error)}") from None
    if isinstance(document, dict) and is_store(document):
        add_records(parsed, document)
    elif isinstance(document, dict):
        arrays = [key for key, value in document.items() if value and _is_object_list(value)]
        # A single event may have these arrays of objects.
        candidates = [key for key in arrays if key not in ("actors", "figures", "sources", "links")]
        if len(candidates) > 1:
            names = " and ".join(f'"{key}"' for key in candidates)
            what = f"{names} both hold objects; write the one that is meant to a file of its own"
            raise AutotimelineError(f"{file}: {what}")
        for value in document[candidates[0]] if candidates else [document]:
            add_row(parsed, value)
    else:
        raise AutotimelineError(f"{file}: it holds no objects: write an array of them, one for each event")
    return parsed


class _ArrayItemError(Exception):
    """An invalid item of an array: its line, and the reason."""


def _iterate_array(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the line, from 1, and the value of each item of an array."""
    position = _skip_space(text, text.index("[") + 1)
    line, counted_to, first = 1, 0, True
    while text[position : position + 1] != "]":
        if not first:
            if text[position : position + 1] != ",":
                raise JSONDecodeError("Expecting ',' or ']'", text, position)
            position = _skip_space(text, position + 1)
        line += text.count("\n", counted_to, position)
        counted_to, first = position, False
        try:
            value, position = DECODER.raw_decode(text, position)
        except JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise _ArrayItemError(line, explain_json_error(error)) from None
        yield line, value
        position = _skip_space(text, position)
    end = _skip_space(text, position + 1)
    if end < len(text):
        raise JSONDecodeError("Extra data", text, end)


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _is_object_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
