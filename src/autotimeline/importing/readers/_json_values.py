"""JSON values as rows, for `json` and `jsonl`."""

from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import Any

from autotimeline.importing.records import ParsedFile


def add_row(parsed: ParsedFile, value: Any, line: int | None = None) -> None:
    """Add a value as the next row, or a problem if it is not an object or contains half of a surrogate pair."""
    location = parsed.next_row(line)
    if not isinstance(value, dict):
        parsed.add_problem(location, "not an object; write one with a key for each column")
        return
    surrogates = [(key, _find_surrogate(key) or _find_surrogate(item)) for key, item in value.items()]
    surrogates = [(key, code_point) for key, code_point in surrogates if code_point]
    for key, code_point in surrogates:
        what = f"\\u{code_point:04x} is half of a character; correct the text"
        parsed.add_problem(location, what, key.encode(errors="replace").decode())
    if not surrogates:
        parsed.add_row(location, value)


def parse_strict_json(text: str) -> Any:
    """Parse JSON (RFC 8259) with exact decimals; a duplicate key and NaN raise ValueError too."""
    return DECODER.decode(text)


def explain_json_error(error: Exception) -> str:
    """Return the reason why a text is not JSON, with the column."""
    if isinstance(error, RecursionError):
        return "arrays or objects are nested too deeply"
    if not isinstance(error, JSONDecodeError):
        return "a number has too many digits" if "digits" in str(error) else str(error)
    what = error.msg[0].lower() + error.msg[1:]
    return f"invalid JSON: {what} (column {error.colno})"


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'repeated key "{duplicate}" in one object; keep one of the two')
    return result


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number; write null, or remove the key")


DECODER = JSONDecoder(parse_float=Decimal, parse_constant=_reject_constant, object_pairs_hook=_reject_duplicate_keys)


def _find_surrogate(value: Any) -> int:
    """Return the first half of a surrogate pair in a value; 0 if it has none."""
    if isinstance(value, str):
        if value.isascii():
            return 0
        return next((ord(c) for c in value if "\ud800" <= c <= "\udfff"), 0)
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next(filter(None, map(_find_surrogate, inner)), 0)
