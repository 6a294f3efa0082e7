"""The cells of events as JSON text, from the JSON of the index without decoding its records."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from autotimeline.json_text import ITEM_SEPARATOR, encode_json, encode_string
from autotimeline.query.columns import DisplayNames, decode_json, event_column

# Lists of texts, of pairs, and of objects.
_LIST_STARTS, _LIST_ENDS = ('["', '[["', '[{"'), ('"]', "]]", "}]")


def json_rows(rows: Iterable[Sequence[Any]], fields: Sequence[str], names: DisplayNames) -> Iterator[Sequence[str]]:
    """Return rows of the index as rows of JSON texts."""
    encoders = _cell_encoders(fields, names)
    # Most cells are texts, which need no call of a function of Python.
    return (
        [
            encode(cell) if encode else "null" if cell is None else encode_string(cell)
            for cell, encode in zip(row, encoders, strict=True)
        ]
        for row in rows
    )


def _cell_encoders(fields: Sequence[str], names: DisplayNames) -> list[Callable[[Any], str] | None]:
    """Return for each field a function from its value in the index to the JSON of its cell; None if it is a text."""

    @cache
    def encode_actor(text: str) -> str:
        id, role = decode_json(text)
        return encode_json({"id": id, "name": names.actor(id), "role": role})

    @cache
    def source_keys(id: str) -> tuple[str, str]:
        """Return the keys of a source that come before those of its citation, and after them."""
        (title, published), (url, origin) = names.source(id), names.source_origin(id)
        before, after = {"id": id, "title": title, "published": published}, {"url": url, "origin": origin}
        return encode_json(before)[:-1], encode_json(after)[1:]

    def encode_citation(text: str) -> str:
        id, _, keys = text.removeprefix('{"id": "').partition('", ')
        before, after = source_keys(id)
        return f"{before}, {keys[:-1]}, {after}"

    def encode_list(text: str | None, encode_item: Callable[[str], str] = str) -> str:
        if not text:
            return "[]"
        # A large index has no checksum, and what is copied is not parsed.
        if not (text.startswith(_LIST_STARTS) and text.endswith(_LIST_ENDS)):
            raise ValueError("the index holds a damaged list")
        return f"[{', '.join(map(encode_item, text[1:-1].split(ITEM_SEPARATOR)))}]"

    encoders: dict[str, Callable[[Any], str]] = {
        "actors": lambda text: encode_list(text, encode_actor),
        "sources": lambda text: encode_list(text, encode_citation),
        "line": str,
    }

    def encoder(field: str) -> Callable[[Any], str] | None:
        column = event_column(field)
        if field in encoders or column.is_list:
            return encoders.get(field, encode_list)
        decode = column.decode
        return (lambda value: encode_json(decode(value, names))) if decode else None

    return list(map(encoder, fields))
