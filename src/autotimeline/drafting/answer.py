"""A model's answer: the proposals in its JSON, whatever surrounds it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from autotimeline.drafting.article import MAX_BYTES, clean_text, decode_text
from autotimeline.errors import AutotimelineError

_MAX_PROPOSALS = 1000


def read_answer(data: bytes, name: str) -> list[Any]:
    """Return the proposals in the bytes of an answer; `name` is for messages.

    Raises:
        AutotimelineError: If it is empty, too large, or not a text, or has no proposals in JSON.
    """
    if not data.strip() or len(data) > MAX_BYTES:
        what = "empty" if not data.strip() else f"larger than {MAX_BYTES // 1024 // 1024} MiB"
        raise AutotimelineError(f"{name}: {what}; write the model's answer")
    return parse_answer(decode_text(data, name), name)


def parse_answer(text: str, name: str) -> list[Any]:
    """Return the proposals in an answer: JSON with a list `proposals`, a list, or lines; text around it is ignored.

    Raises:
        AutotimelineError: If it has none.
    """
    remedy = "write JSON as `autotimeline draft ARTICLE --prompt` describes"
    position = 0
    items: list[Any] = []
    try:
        while (match := re.compile(r"[\[{]").search(text, position)) and len(items) <= _MAX_PROPOSALS:
            try:
                value, position = json.JSONDecoder().raw_decode(text, match.start())
            except json.JSONDecodeError:
                if items or position > 20_000:
                    raise AutotimelineError(f"{name}: incomplete JSON; {remedy}") from None
                position = match.end()
                continue
            if isinstance(value, dict) and isinstance(value.get("proposals"), list):
                value = value["proposals"]
            items += as_list(value)
    except (RecursionError, ValueError) as error:
        raise AutotimelineError(f"{name}: invalid JSON ({error}); {remedy}") from None
    if not items:
        raise AutotimelineError(f"{name}: no proposals; {remedy}")
    if len(items) > _MAX_PROPOSALS:
        raise AutotimelineError(f"{name}: more than {_MAX_PROPOSALS:,} proposals; split the answer")
    return items


def figure_claims(figures: Any) -> Iterator[tuple[str, Any]]:
    """Yield (metric, value) of figures in a table or a list."""
    if isinstance(figures, dict) and "value" in figures:
        yield str(figures.get("metric", "")), figures["value"]
    elif isinstance(figures, dict):
        for metric, values in figures.items():
            for each in as_list(values):
                yield str(metric), each.get("value") if isinstance(each, dict) else each
    elif isinstance(figures, list):
        for each in figures:
            yield from figure_claims(each) if isinstance(each, dict) else [("", each)]


def as_list(value: Any) -> list[Any]:
    """Return a list, or another value as a list of one."""
    return value if isinstance(value, list) else [value]


def clean_claim(value: Any) -> str:
    """Return a text without control characters; empty if it is not a text."""
    return clean_text(value) if isinstance(value, str) else ""
