"""`json`: an array of objects, an object with such an array, or the tables of a store."""

import re
from collections.abc import Iterator
from json import JSONDecodeError
from shlex import quote
from typing import Any

from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.importing.native_rows import is_native
from autotimeline.importing.readers._json_values import DECODER, add_row, explain_json_error, parse_strict_json
from autotimeline.importing.readers._store_tables import add_records, is_store
from autotimeline.importing.records import ParsedFile, ReadOptions
from autotimeline.text import suggest

EXTENSIONS = (".json", ".geojson")
ACCEPTS_RECORDS = True

# A single event may have these arrays of objects.
_EVENT_ARRAYS = ("actors", "figures", "sources", "links")
_SPACE = re.compile(r"[ \t\r\n]*")


def read(text: str, file: str, options: ReadOptions) -> ParsedFile:
    """Parse the records of a store, or the rows of the only array of objects, or of the one that `records` names."""
    parsed = ParsedFile(file)
    try:
        if options.records is None and text.lstrip(" \t\r\n").startswith("["):
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
    if options.records is not None:
        rows = _find_array(document, options.records, file)
    elif not isinstance(document, dict):
        raise AutotimelineError(f"{file}: no objects; write an array of them, one for each event")
    elif is_store(document):
        add_records(parsed, document)
        return parsed
    else:
        rows = _only_array(document, file)
    for value in rows:
        add_row(parsed, value)
    return parsed


def _only_array(document: dict[str, Any], file: str) -> list[Any]:
    """Return the only array of objects in a document; if it has none, the document is the only row."""
    arrays = {key: value for key, value in _object_arrays(document) if key not in _EVENT_ARRAYS}
    shallow = [key for key in document if key in arrays]
    paths = shallow or ([] if is_native(document) else list(arrays))
    if len(paths) > 1:
        options = " or ".join(f"--records {quote(path)}" for path in paths)
        raise UsageError(f"{file}: {len(paths)} arrays of objects; name one with {options}")
    return arrays[paths[0]] if paths else [document]


def _object_arrays(document: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield the path and the items of each array of objects that is not in another array."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _object_arrays(value, f"{prefix}{key}.")
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            yield prefix + key, value


def _find_array(document: Any, path: str, file: str) -> list[Any]:
    value = document
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, list):
        arrays = dict(_object_arrays(document)) if isinstance(document, dict) else {}
        there = suggest(path, arrays) or (f"; there are {', '.join(arrays)}" if arrays else "")
        raise UsageError(f'--records {path}: {file} has no array "{path}"{there}')
    return value


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
