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

MIN_CHUNK_BYTES = 1 << 16
"""How many bytes a segment has at least, save the last of a file; it has hardly more than twice as many."""
READ_BYTES = 1 << 20
# The headers as people write them; where a file has none, it is one segment. Nothing else than a multi-line string
# can hold such a line.
_BOUNDARY = re.compile(rb"\n(?=\[\[event\]\]|\[(?:source|actor|era)\.)")
# Of the headers behind SIZE one is chosen by the bytes that follow it: the same again, wherever the cut before fell.
_LOOKAHEAD_BYTES = 64
_CUT_MODULUS = 32


class Chunk:
    """A piece of a file: where it begins, how many bytes it has, and their hash."""

    __slots__ = ("digest", "length", "offset")

    def __init__(self, offset: int, length: int, digest: bytes) -> None:
        self.offset = offset
        self.length = length
        self.digest = digest


class FileChangedWhileReadingError(Exception):
    """A file has changed since it was cut."""


class ChunkedFile:
    """A file that is open, and its segments; `digest` is the hash of all of it.

    Where a cut falls depends on what stands there: soon behind an edit they fall where they fell, and what follows
    keeps its hashes.
    """

    __slots__ = ("_file", "_split_chunks", "chunks", "digest")

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.split()

    def split(self) -> None:
        """Cut the file as it is now."""
        self._file.seek(0)
        self.chunks: list[Chunk] = []
        file_hash = blake2b(digest_size=16)
        offset = 0
        for data in _split_file(self._file):
            digest = blake2b(data, digest_size=16).digest()
            file_hash.update(digest)
            self.chunks.append(Chunk(offset, len(data), digest))
            offset += len(data)
        self.digest = file_hash.digest()
        self._split_chunks = self.chunks

    def use_single_chunk(self) -> None:
        """Take the file as one segment."""
        self.chunks = [Chunk(0, self.length, self.digest)]

    @property
    def length(self) -> int:
        """How many bytes the file has."""
        return self.chunks[-1].offset + self.chunks[-1].length if self.chunks else 0

    def read(self, chunk: Chunk) -> bytes:
        """Return the bytes of a segment.

        Raises:
            ChangedError: where these are no longer those that it was cut from: what is kept would not be what its
                hash says, and be taken for it when the change is undone.
        """
        chunks = [chunk] if self.chunks is self._split_chunks else self._split_chunks
        self._file.seek(chunk.offset)
        data = [self._file.read(chunk_read.length) for chunk_read in chunks]
        if [blake2b(piece, digest_size=16).digest() for piece in data] != [part.digest for part in chunks]:
            raise FileChangedWhileReadingError
        return b"".join(data)


def _split_file(file: BinaryIO) -> Iterator[bytes]:
    # Bytes would be copied for every chunk where a file has no boundary.
    buffer, search_from, at_end = bytearray(), MIN_CHUNK_BYTES, False
    while not at_end:
        data = file.read(READ_BYTES)
        at_end = not data
        buffer += data
        start, limit = 0, len(buffer) - (0 if at_end else _LOOKAHEAD_BYTES)
        while boundary := _BOUNDARY.search(buffer, search_from, limit):
            search_from = end = boundary.end()
            if crc32(buffer[end : end + _LOOKAHEAD_BYTES]) % _CUT_MODULUS == 0 or end - start > 2 * MIN_CHUNK_BYTES:
                yield bytes(buffer[start:end])
                start, search_from = end, end + MIN_CHUNK_BYTES
        del buffer[:start]
        search_from = max(search_from, limit - _LOOKAHEAD_BYTES) - start
    if buffer:
        yield bytes(buffer)
