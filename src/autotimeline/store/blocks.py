"""Splitting of a store at its top-level headers into blocks, and parsing of each block.

Errors, updates of the index, and edits apply to single blocks. The accepted texts are those that `tomllib` accepts.
"""

import re
import tomllib

# hashlib would load OpenSSL first.
from _blake2 import blake2b
from collections.abc import Container, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from autotimeline.schema import ENTITY_KINDS
from autotimeline.store.toml_errors import explain_toml_error

# A line that may be a header, or a part of a multi-line string or array.
HEADER_LINE = re.compile(
    r"""^[ \t]*\[(?P<array>\[?)(?P<path>(?:[^][\n"']++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')++)\]+[ \t]*(?:\#.*)?\r?$""",
    re.MULTILINE,
)
# Strings, and comments, which may contain quotes; `open` if a string is not closed.
_STRING = re.compile(
    r""""{3}(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}|'{3}(?:[^']++|''?(?!'))*+'{3,5}|(?P<open>"{3}|'{3})"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+'|\#[^\n]*""",
    re.DOTALL,
)
# The usual headers. A text with other headers is one block, because its tables may depend on each other.
_STANDARD_HEADER = re.compile(rf"store|snapshot|alias|(?:{'|'.join(ENTITY_KINDS)})\.[A-Za-z0-9_-]+")
_DEEP_KEY = re.compile(r"""(?:^|[{,\[])[ \t]*(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""", re.MULTILINE)
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{2000,}")
MAX_BYTES = 1 << 31
BOM = b"\xef\xbb\xbf"
"""A byte-order mark of UTF-8."""
# Longer texts are searched for keys that tomllib parses too slowly.
_INSPECTED_LENGTH = 4096


class Block:
    """A part of a store: its text, first line (from 1), header, and digest.

    The header is `source.x`, `store`, or `event`, or empty before the first header and for a text with unusual headers.
    """

    __slots__ = ("digest", "header", "line", "text")

    def __init__(self, text: str, line: int, header: str) -> None:
        self.text = text
        self.line = line
        self.header = header
        self.digest = blake2b(text.encode(), digest_size=16).digest()


class TomlSyntaxError(Exception):
    """Invalid TOML: the message, the line (from 0), and whether the text only ends too early (`at_end`)."""

    def __init__(self, message: str, line: int, *, at_end: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.at_end = at_end


def decode_text(data: bytes) -> str:
    """Decode a file as UTF-8, with or without a byte-order mark.

    Raises:
        TomlSyntaxError: If it is too large or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise TomlSyntaxError("the file is larger than 2 GiB; split the store into several files", 0)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise TomlSyntaxError("the file is UTF-16; save it as UTF-8", 0)
    # The codec utf-8-sig would be another module to load.
    data = data.removeprefix(BOM)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise TomlSyntaxError(f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8", line) from None


class WholeFileRequiredError(Exception):
    """A header in a part of a text depends on the rest of the text."""


def parse_blocks(
    text: str, known_digests: Container[bytes] = (), *, is_part: bool = False
) -> Iterator[tuple[Block, dict[str, Any] | TomlSyntaxError | None]]:
    """Yield the blocks of a text in order, each with its tables, or its error, or None if its digest is known.

    A line inside a multi-line string is not a header, whatever it looks like.

    Raises:
        WholeFileRequiredError: If the text is a part of a file that must be parsed as a whole.
    """
    starts = _split_at_headers(text)
    if starts is None:
        if is_part:
            raise WholeFileRequiredError
        block = Block(text, 1, "")
        yield block, _parse_if_unknown(block, known_digests)
        return
    starts.append((len(text), 0, ""))
    # Starting a parser costs about as much as parsing a block, so a new text is parsed as a whole.
    if not known_digests and (parsed := _parse_all(text, starts)):
        for ((start, line, header), (end, _, _)), block_tables in zip(pairwise(starts), parsed, strict=True):
            yield Block(text[start:end], line, header), block_tables
        return
    index = 0
    while index + 1 < len(starts):
        start, line, header = starts[index]
        index += 1
        block = Block(text[start : starts[index][0]], line, header)
        tables = _parse_if_unknown(block, known_digests)
        joined, joined_tables, next_index = block, tables, index
        while (
            isinstance(joined_tables, TomlSyntaxError)
            and joined_tables.at_end
            and (end_index := _end_of_string(text, start, starts, next_index))
        ):
            next_index = end_index
            joined = Block(text[start : starts[next_index][0]], line, header)
            joined_tables = _parse_if_unknown(joined, known_digests)
        # If that does not help, the block itself misses a quote, and the next blocks are parsed separately.
        if not isinstance(joined_tables, TomlSyntaxError):
            block, tables, index = joined, joined_tables, next_index
        yield block, tables


def _parse_all(text: str, starts: list[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Return the tables of each block of a text, or an empty list if the blocks must be parsed one by one.

    That is the case if one is invalid or very long, or if a string contains a header.
    """
    headers = [header for _, _, header in starts[:-1]]
    single_headers = [header for header in headers if header != "event"]
    longest = max((after[0] - start[0] for start, after in pairwise(starts)), default=0)
    if longest > _INSPECTED_LENGTH or len(set(single_headers)) < len(single_headers):
        return []
    tables = _load_tables(text)
    if tables is None:
        return []
    events = iter(tables.get("event", ()))
    parsed: list[dict[str, Any]] = []
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
        parsed.append({kind: content} if kind else {})
    return parsed if next(events, None) is None else []


def unclosed_quotes(text: str) -> str:
    """Return the quotes of the string that is open at the end of a text, empty if there is none."""
    return next((string["open"] for string in _STRING.finditer(text) if string["open"]), "")


def find_comments(text: str) -> list[str]:
    """Return the comments in a text, each from its `#` to the end of the line."""
    return [token[0].rstrip() for token in _STRING.finditer(text) if token[0].startswith("#")]


def _parse_if_unknown(block: Block, known_digests: Container[bytes]) -> dict[str, Any] | TomlSyntaxError | None:
    return None if block.digest in known_digests else parse_toml(block.text)


def _end_of_string(text: str, start: int, starts: list[tuple[int, int, str]], index: int) -> int:
    """Return the index of the first block after the multi-line string that is open at the start of block `index`.

    0 without such a string, or if it never ends. The string starts after the offset `start`.
    """
    for string in _STRING.finditer(text, start, starts[index][0]):
        if string["open"]:
            closed = _STRING.match(text, string.start())
            end = closed.end() if closed else 0
            if end > starts[index][0]:
                return next(candidate for candidate in range(index + 1, len(starts)) if starts[candidate][0] >= end)
            break
    return 0


def _split_at_headers(text: str) -> list[tuple[int, int, str]] | None:
    """Return (offset, line, header) of each block, or None if the text must be parsed as a whole."""
    starts: list[tuple[int, int, str]] = []
    line, counted_to, header = 1, 0, ""
    for match in HEADER_LINE.finditer(text):
        path, start = match["path"].strip(" \t"), match.start()
        if header == "event" and path.startswith("event."):
            continue
        if path != "event" if match["array"] else not _STANDARD_HEADER.fullmatch(path):
            return None
        line += text.count("\n", counted_to, start)
        counted_to, header = start, path
        starts.append((start, line, header))
    first = starts[0][0] if starts else len(text)
    if not all(line.strip()[:1] in ("", "#") for line in text[:first].split("\n")):
        return None
    return [(0, 1, ""), *starts] if first else starts


def _load_tables(text: str) -> dict[str, Any] | None:
    """Return the tables of a text of short blocks, None if it is invalid."""
    try:
        return dict(toml_module().loads(text, parse_float=Decimal))
    except (ValueError, RecursionError):
        return None


def toml_module() -> Any:
    """Return tomli, which is a compiled tomllib, if it is installed and reads exactly TOML 1.0; else tomllib."""
    try:
        import tomli

        tomli.loads("later = { versions = 'take', this = 'comma', }")
    except ImportError:
        pass
    except ValueError:
        return tomli
    return tomllib


def parse_toml(text: str) -> dict[str, Any] | TomlSyntaxError:
    """Return the tables of a text, or its error."""
    # A dotted key of thousands of parts would take seconds and gigabytes.
    if len(text) > _INSPECTED_LENGTH and (deep_key := _DEEP_KEY.search(text)):
        return TomlSyntaxError("a key has more than 64 parts", text.count("\n", 0, deep_key.start()))
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message, line, at_end = explain_toml_error(str(error), text)
        return TomlSyntaxError(message, line, at_end=at_end)
    except RecursionError:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda number: lines[number].count("[") + lines[number].count("{"))
        return TomlSyntaxError("arrays or tables are nested too deeply", deepest)
    except ValueError:
        number = _LONG_NUMBER.search(text)
        return TomlSyntaxError("a number has too many digits", text.count("\n", 0, number.start()) if number else 0)


def open_quotes(parsed_blocks: Sequence[tuple[Block, Any]]) -> str:
    """Return the quotes of a string that is open at the end; empty if there is none."""
    for index, (_, tables) in enumerate(parsed_blocks):
        if isinstance(tables, TomlSyntaxError) and tables.at_end:
            return unclosed_quotes("".join(block.text for block, _ in parsed_blocks[index:]))
    return ""
