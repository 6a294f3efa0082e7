"""Cut a store's text at top-level headers into blocks, and parse each by itself.

A block is the unit of everything: of an error's line, of re-reading after a change, of an edit.
What is accepted is exactly what `tomllib` accepts for the whole text.
"""

from __future__ import annotations

import re

# Not by way of hashlib, which loads OpenSSL first.
from _blake2 import blake2b
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from typing import Any

# A line that may be a header; inside a multi-line string or array it is none: parsing tells.
HEADER = re.compile(
    r"""^[ \t]*\[(?P<array>\[?)(?P<path>(?:[^][\n"']++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')++)\]+[ \t]*(?:\#.*)?\r?$""",
    re.MULTILINE,
)
# Strings, and comments, which may hold quotes; `open` where a string is not closed.
_STRING = re.compile(
    r""""{3}(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}|'{3}(?:[^']++|''?(?!'))*+'{3,5}|(?P<open>"{3}|'{3})"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+'|\#[^\n]*""",
    re.DOTALL,
)
# The headers that a store is made of. A text with any other is parsed whole: only so are keys that
# are spread over several tables judged as TOML judges them.
_USUAL = re.compile(r"store|snapshot|alias|(?:source|actor|era)\.[A-Za-z0-9_-]+")
_DEEP_KEY = re.compile(r"""(?:^|[{,\[])[ \t]*(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""", re.MULTILINE)
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{2000,}")
_MOST_BYTES = 1 << 31
# What is longer is searched for what would take tomllib too long.
_LOOKED_AT = 4096


class Block:
    """A piece of a store: its text, the line (from 1) on which it starts, its header and a hash of its bytes.

    `header` is `source.x`, `store`, `event`, or empty for a text that was taken whole.
    """

    __slots__ = ("digest", "header", "line", "text")

    def __init__(self, text: str, line: int, header: str) -> None:
        self.text = text
        self.line = line
        self.header = header
        self.digest = blake2b(text.encode(), digest_size=16).digest()


class MalformedError(Exception):
    """A text is no TOML: what is wrong, on which line (from 0), and whether only because it ends too `early`."""

    def __init__(self, what: str, line: int, *, early: bool = False) -> None:
        super().__init__(what)
        self.line = line
        self.early = early


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, with or without a byte-order mark.

    Raises:
        MalformedError: where the bytes are no UTF-8.
    """
    if len(data) > _MOST_BYTES:
        raise MalformedError("the file is larger than 2 GiB; split the store into several files", 0)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise MalformedError("the file is UTF-16; save it as UTF-8", 0)
    # The codec that takes it off is a module of its own to load.
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise MalformedError(f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8", line) from None


class SpreadError(Exception):
    """A part of a text has a header that tells only with the rest of the text what it means."""


def blocks(
    text: str, known: Container[bytes] = (), *, part: bool = False
) -> Iterator[tuple[Block, dict[str, Any] | MalformedError | None]]:
    """Yield the blocks of a text in order, each with its tables, or with why it is no TOML.

    A block whose hash is `known` is not parsed: None stands in place of its tables. A piece that ends
    within a string is glued to those that the string reaches (a header inside a string is none).

    Raises:
        SpreadError: where the text, `part` of another, has to be taken whole.
    """
    starts = _cut(text)
    if starts is None:
        if part:
            raise SpreadError
        block = Block(text, 1, "")
        yield block, _unless_known(block, known)
        return
    starts.append((len(text), 0, ""))
    # To begin to parse costs a good part of parsing a block: what is new is parsed at one go.
    if not known and (parsed := _at_once(text, starts)):
        for ((start, line, header), (end, _, _)), found in zip(pairwise(starts), parsed, strict=True):
            yield Block(text[start:end], line, header), found
        return
    at = 0
    while at + 1 < len(starts):
        start, line, header = starts[at]
        at += 1
        block = Block(text[start : starts[at][0]], line, header)
        tables = _unless_known(block, known)
        glued, more, behind = block, tables, at
        while isinstance(more, MalformedError) and more.early and (reached := _reached(text, start, starts, behind)):
            behind = reached
            glued = Block(text[start : starts[behind][0]], line, header)
            more = _unless_known(glued, known)
        # Where that does not help, the piece itself lacks its quotes: the others are judged by themselves.
        if not isinstance(more, MalformedError):
            block, tables, at = glued, more, behind
        yield block, tables


def _at_once(text: str, starts: list[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Return the tables of each block of a text; none where they have to be parsed one by one.

    That is so where one is no TOML, where a header stands in a string, and where a block is so long that it is
    looked at before it is parsed.
    """
    headers = [header for _, _, header in starts[:-1]]
    once = [header for header in headers if header != "event"]
    longest = max((after[0] - start[0] for start, after in pairwise(starts)), default=0)
    if longest > _LOOKED_AT or len(set(once)) < len(once):
        return []
    tables = _loaded(text)
    if tables is None:
        return []
    events = iter(tables.get("event", ()))
    found: list[dict[str, Any]] = []
    for header in headers:
        kind, _, id = header.partition(".")
        if kind == "event":
            content: Any = [next(events, None)]
        else:
            content = tables.get(kind)
            if id and content is not None:
                content = {id: content[id]} if id in content else None
        if kind and content in (None, [None]):
            return []
        found.append({kind: content} if kind else {})
    return found if next(events, None) is None else []


def unclosed(text: str) -> str:
    """Return the quotes of the string that is open at the end of a text, none where none is."""
    return next((string["open"] for string in _STRING.finditer(text) if string["open"]), "")


def _unless_known(block: Block, known: Container[bytes]) -> dict[str, Any] | MalformedError | None:
    return None if block.digest in known else tables_of(block.text)


def _reached(text: str, start: int, starts: list[tuple[int, int, str]], at: int) -> int:
    """Return which of the `starts` comes behind the string that begins after `start` and is open at the one `at`.

    0 where none is, or where it never ends.
    """
    for string in _STRING.finditer(text, start, starts[at][0]):
        if string["open"]:
            closed = _STRING.match(text, string.start())
            end = closed.end() if closed else 0
            if end > starts[at][0]:
                return next(n for n in range(at + 1, len(starts)) if starts[n][0] >= end)
            break
    return 0


def _cut(text: str) -> list[tuple[int, int, str]] | None:
    """Return (offset, line, header) of each piece, or None where the text has to be taken whole."""
    starts: list[tuple[int, int, str]] = []
    line, counted, header = 1, 0, ""
    for match in HEADER.finditer(text):
        path, start = match["path"].strip(" \t"), match.start()
        if header == "event" and path.startswith("event."):
            continue
        if path != "event" if match["array"] else not _USUAL.fullmatch(path):
            return None
        line += text.count("\n", counted, start)
        counted, header = start, path
        starts.append((start, line, header))
    first = starts[0][0] if starts else len(text)
    if not _blank(text[:first]):
        return None
    return [(0, 1, ""), *starts] if first else starts


def _blank(text: str) -> bool:
    """Whether a text holds nothing but white space and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n"))


def _loaded(text: str) -> dict[str, Any] | None:
    """Return the tables of a text of short blocks, None where it is no TOML."""
    from decimal import Decimal

    try:
        tables: dict[str, Any] = _reader().loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return tables


def _reader() -> Any:
    """Return what reads much text: tomli, which is tomllib compiled, where it is installed and reads TOML 1.0."""
    try:
        import tomli

        tomli.loads("later = { versions = 'take', this = 'comma', }")
    except ImportError:
        pass
    except ValueError:
        return tomli
    import tomllib

    return tomllib


def tables_of(text: str) -> dict[str, Any] | MalformedError:
    """Return the tables of a text, as TOML has them, or why it is none."""
    import tomllib
    from decimal import Decimal

    # A dotted key of thousands of parts would take seconds and gigabytes; no store needs sixty-four.
    if len(text) > _LOOKED_AT and (deep := _DEEP_KEY.search(text)):
        return MalformedError("a key has more than 64 parts", text.count("\n", 0, deep.start()))
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        from autotimeline.store.toml_errors import remedy

        what, line, early = remedy(str(error), text)
        return MalformedError(what, line, early=early)
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda number: lines[number].count("[") + lines[number].count("{"))
        return MalformedError("arrays or tables are nested too deeply", deepest)
    except ValueError:
        long = _LONG_NUMBER.search(text)
        return MalformedError("a number has too many digits", text.count("\n", 0, long.start()) if long else 0)
