"""Cut a store's text at top-level headers into blocks, and parse each by itself.

A block is the unit of everything: of an error's line, of re-reading after a change, of an edit.
What is accepted is exactly what `tomllib` accepts for the whole text.
"""

from __future__ import annotations

import re
from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from typing import Any

# A line that may be a header; it may also stand inside a multi-line string or array: parsing tells.
_HEADER = re.compile(r"^[ \t]*\[(?P<array>\[?)[ \t]*(?P<path>[^\[\]\n]+?)[ \t]*\]+[ \t]*(?:#.*)?\r?$", re.MULTILINE)
# The headers that a store is made of. A text with any other is parsed whole: only so are keys that
# are spread over several tables judged as TOML judges them.
_USUAL = re.compile(r"store|alias|(?:source|actor|era)\.[A-Za-z0-9_-]+")
_KEY_PARTS = re.compile(r"(?:[\w\"'-]+[ \t]*\.[ \t]*){64}")
_MOST_BYTES = 1 << 31


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
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise MalformedError(f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8", line) from None


def blocks(text: str, known: Container[bytes] = ()) -> Iterator[tuple[Block, dict[str, Any] | MalformedError | None]]:
    """Yield the blocks of a text in order, each with its tables, or with why it is no TOML.

    A block whose hash is `known` is not parsed: None stands in place of its tables. A piece that
    ends too early (a header inside a multi-line string is none) is glued to the next ones until it parses.
    """
    pieces = _cut(text)
    if pieces is None:
        block = Block(text, 1, "")
        yield block, None if block.digest in known else tables_of(text)
        return
    at = 0
    while at < len(pieces):
        line, header, piece = pieces[at]
        block = Block(piece, line, header)
        tables = None if block.digest in known else tables_of(piece)
        end = at + 1
        if isinstance(tables, MalformedError) and tables.early and (glued := _glued(pieces, at)):
            end, piece, tables = glued
            block = Block(piece, line, header)
        yield block, None if block.digest in known else tables
        at = end


def _glued(pieces: list[tuple[int, str, str]], at: int) -> tuple[int, str, dict[str, Any]] | None:
    """Glue the pieces that follow to the one at `at` until they parse: (index behind them, text, tables).

    Twice as many each time, so that an unclosed string in a long store does not cost the square of
    its length. None where they never parse: then the fault is in the piece itself.
    """
    text, end, more = pieces[at][2], at + 1, 1
    while end < len(pieces):
        text += "".join(piece for _, _, piece in pieces[end : end + more])
        end, more = min(end + more, len(pieces)), more * 2
        tables = tables_of(text)
        if not isinstance(tables, MalformedError):
            return end, text, tables
        if not tables.early:
            return None
    return None


def _cut(text: str) -> list[tuple[int, str, str]] | None:
    """Return (line, header, text) of each piece, or None where the text has to be taken whole."""
    pieces: list[tuple[int, str, str]] = []
    start, line, header = 0, 1, "store"
    counted, lines = 0, 1
    for match in _HEADER.finditer(text):
        path = match["path"]
        lines += text.count("\n", counted, match.start())
        counted = match.start()
        if match["array"]:
            if path != "event":
                if not (path.startswith("event.") and header == "event"):
                    return None
                continue
        elif path.startswith("event.") and header == "event":
            continue
        elif not _USUAL.fullmatch(path):
            return None
        piece = text[start : match.start()]
        if start == 0 and not _blank(piece):
            return None
        if start or piece:
            pieces.append((line, header if start else "", piece))
        start, line, header = match.start(), lines, path
    last = text[start:]
    if start == 0 and not _blank(last):
        return None
    pieces.append((line, header if start else "", last))
    return pieces


def _blank(text: str) -> bool:
    """Whether a text holds nothing but white space and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n"))


def tables_of(text: str) -> dict[str, Any] | MalformedError:
    """Return the tables of a text, as TOML has them, or why it is none."""
    import tomllib
    from decimal import Decimal

    # A dotted key of thousands of parts would take seconds and gigabytes; no store needs sixty-four.
    if len(text) > 4096 and (deep := _KEY_PARTS.search(text)):
        return MalformedError("a key has more than 64 parts", text.count("\n", 0, deep.start()))
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return _placed(str(error), text)
    except RecursionError:
        return MalformedError("arrays or tables are nested too deeply", 0)
    except ValueError:
        return MalformedError("a number has too many digits", 0)


def _placed(message: str, text: str) -> MalformedError:
    if found := re.search(r" \(at line (\d+), column (\d+)\)$", message):
        line, column = int(found[1]), int(found[2])
        what = message[: found.start()]
        return MalformedError(f"{_explained(what, text, line)} (column {column})", line - 1)
    what, early, _ = message.partition(" (at end of document)")
    return MalformedError(
        f"{what[0].lower()}{what[1:]} by the end of this block", text.rstrip().count("\n"), early=bool(early)
    )


def _explained(what: str, text: str, line: int) -> str:
    """Add the remedy to the mistakes that hands make most often."""
    written = text.split("\n")[line - 1]
    value = written.partition("=")[2].strip()
    if re.match(r"\d{4}(-\d\d|-?[QH]\d|\d?[~?%X/.])", value):
        return f'a date that is no full day needs quotes: write "{value.split("#")[0].strip()}"'
    if re.match(r"[~<>€$£A-Za-z]", value) and not value.startswith(("true", "false")):
        return f'text needs quotes: write "{value.split("#")[0].strip()}"'
    return what[0].lower() + what[1:]
