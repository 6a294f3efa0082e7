"""Cut a file at block headers into segments of about 64 KiB, so that after an edit only those that changed are read."""

from __future__ import annotations

import re

# Not by way of hashlib, which loads OpenSSL first.
from _blake2 import blake2b
from binascii import crc32
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

SIZE = 1 << 16
"""How many bytes a segment has at least, save the last of a file; it has hardly more than twice as many."""
_CHUNK = 1 << 20
# The headers as people write them; where a file has none, it is one segment. Nothing else than a multi-line string
# can hold such a line.
_BOUNDARY = re.compile(rb"\n(?=\[\[event\]\]|\[(?:source|actor|era)\.)")
# Of the headers behind SIZE one is chosen by the bytes that follow it: the same again, wherever the cut before fell.
_AHEAD = 64
_CHOSEN = 32


class Segment:
    """A piece of a file: where it begins, how many bytes it has, and their hash."""

    __slots__ = ("digest", "length", "offset")

    def __init__(self, offset: int, length: int, digest: bytes) -> None:
        self.offset = offset
        self.length = length
        self.digest = digest


class ChangedError(Exception):
    """A file has changed since it was cut."""


class Segmented:
    """A file that is open, and its segments; `digest` is the hash of all of it.

    Where a cut falls depends on what stands there: soon behind an edit they fall where they fell, and what follows
    keeps its hashes.
    """

    __slots__ = ("_cut", "_file", "digest", "segments")

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.cut()

    def cut(self) -> None:
        """Cut the file as it is now."""
        self._file.seek(0)
        self.segments: list[Segment] = []
        whole = blake2b(digest_size=16)
        offset = 0
        for piece in _pieces(self._file):
            digest = blake2b(piece, digest_size=16).digest()
            whole.update(digest)
            self.segments.append(Segment(offset, len(piece), digest))
            offset += len(piece)
        self.digest = whole.digest()
        self._cut = self.segments

    def whole(self) -> None:
        """Take the file as one segment."""
        self.segments = [Segment(0, self.length, self.digest)]

    @property
    def length(self) -> int:
        """How many bytes the file has."""
        return self.segments[-1].offset + self.segments[-1].length if self.segments else 0

    def read(self, segment: Segment) -> bytes:
        """Return the bytes of a segment.

        Raises:
            ChangedError: where these are no longer those that it was cut from: what is kept would not be what its
                hash says, and be taken for it when the change is undone.
        """
        parts = [segment] if self.segments is self._cut else self._cut
        self._file.seek(segment.offset)
        data = [self._file.read(part.length) for part in parts]
        if [blake2b(piece, digest_size=16).digest() for piece in data] != [part.digest for part in parts]:
            raise ChangedError
        return b"".join(data)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    # Bytes would be copied for every chunk where a file has no boundary.
    held, searched, ended = bytearray(), SIZE, False
    while not ended:
        chunk = file.read(_CHUNK)
        ended = not chunk
        held += chunk
        start, limit = 0, len(held) - (0 if ended else _AHEAD)
        while boundary := _BOUNDARY.search(held, searched, limit):
            searched = end = boundary.end()
            if crc32(held[end : end + _AHEAD]) % _CHOSEN == 0 or end - start > 2 * SIZE:
                yield bytes(held[start:end])
                start, searched = end, end + SIZE
        del held[:start]
        searched = max(searched, limit - _AHEAD) - start
    if held:
        yield bytes(held)
