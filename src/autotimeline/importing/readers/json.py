"""`json`: an array of objects, an object that holds one, or the tables of a store."""

from __future__ import annotations

import re
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from autotimeline.errors import AutotimelineError
from autotimeline.importing.readers._json_values import DECODER, add, decoded, no_json
from autotimeline.importing.readers._store_tables import entries, is_store
from autotimeline.importing.records import Data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.importing.records import How

ENDINGS = (".json",)

_SPACE = re.compile(r"[ \t\r\n]*")


def read(text: str, file: str, how: How) -> Data:
    """Return what a text holds; of an object with several keys the one array of objects, as rows.

    Raises:
        AutotimelineError: where it is no JSON, or nothing of that.
    """
    data = Data(file)
    try:
        if text.lstrip(" \t\r\n").startswith("["):
            for line, value in _items(text):
                add(data, value, line)
            return data
        whole = decoded(text)
    except JSONDecodeError as error:
        raise AutotimelineError(f"{file}:{error.lineno}: {no_json(error)}") from None
    except _ItemError as error:
        raise AutotimelineError(f"{file}:{error.args[0]}: {error.args[1]}") from None
    except (ValueError, RecursionError) as error:
        raise AutotimelineError(f"{file}: {no_json(error)}") from None
    if isinstance(whole, dict) and is_store(whole):
        entries(data, whole)
    elif isinstance(whole, dict):
        arrays = [key for key, value in whole.items() if value and _objects(value)]
        # Of an event in the form of a store no list holds objects but these.
        own = [key for key in arrays if key not in ("actors", "figures", "sources", "links")]
        if len(own) > 1:
            named = " and ".join(f'"{key}"' for key in own)
            raise AutotimelineError(
                f"{file}: {named} both hold objects; write the one that is meant to a file of its own"
            )
        for value in whole[own[0]] if own else [whole]:
            add(data, value)
    else:
        raise AutotimelineError(f"{file}: it holds no objects: write an array of them, one for each event")
    return data


class _ItemError(Exception):
    """What is wrong with the item of an array that begins on a line."""


def _items(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each item of an array with its line, from 1."""
    at = _past_space(text, text.index("[") + 1)
    line, counted, first = 1, 0, True
    while text[at : at + 1] != "]":
        if not first:
            if text[at : at + 1] != ",":
                raise JSONDecodeError("Expecting ',' or ']'", text, at)
            at = _past_space(text, at + 1)
        line += text.count("\n", counted, at)
        counted, first = at, False
        try:
            value, at = DECODER.raw_decode(text, at)
        except JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise _ItemError(line, no_json(error)) from None
        yield line, value
        at = _past_space(text, at)
    end = _past_space(text, at + 1)
    if end < len(text):
        raise JSONDecodeError("Extra data", text, end)


def _past_space(text: str, at: int) -> int:
    """Return where what is no space begins."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
