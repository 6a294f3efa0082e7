"""Files split at block headers into chunks of about 64 KiB; after an edit, only the changed chunks are read again."""

import re

# hashlib would load OpenSSL first.
from _blake2 import blake2b
from binascii import crc32
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from autotimeline.schema import ENTITY_KINDS

MIN_CHUNK_BYTES = 1 << 16
"""Only the last chunk of a file may be shorter; few are more than twice as long."""
READ_BYTES = 1 << 20
# Only the usual spelling of headers; a file without them is one chunk. Such a line may also be part of a string.
_BOUNDARY = re.compile(rf"\n(?=\[\[event\]\]|\[(?:{'|'.join(ENTITY_KINDS)})\.)".encode())
# The bytes after a header decide whether a chunk starts there, so that after an edit the later chunks are the same.
_LOOKAHEAD_BYTES = 64
_CUT_MODULUS = 32


class Chunk(NamedTuple):
    """A part of a file; offset and length are in bytes."""

    offset: int
    length: int
    digest: bytes


class FileChangedWhileReadingError(Exception):
    """A file has changed since it was split."""


class ChunkedFile:
    """An open file and its chunks; `digest` is the hash of the whole file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.split()

    def split(self) -> None:
        """Read the file again and split it."""
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
        """Use the whole file as the only chunk."""
        self.chunks = [Chunk(0, self.length, self.digest)]

    @property
    def length(self) -> int:
        """The size of the file in bytes."""
        return self.chunks[-1].offset + self.chunks[-1].length if self.chunks else 0

    def read(self, chunk: Chunk) -> bytes:
        """Return the bytes of a chunk.

        Raises:
            FileChangedWhileReadingError: If its digest no longer matches; the index would store the new data under
                the old digest.
        """
        chunks = [chunk] if self.chunks is self._split_chunks else self._split_chunks
        self._file.seek(chunk.offset)
        data = [self._file.read(chunk_read.length) for chunk_read in chunks]
        if [blake2b(piece, digest_size=16).digest() for piece in data] != [part.digest for part in chunks]:
            raise FileChangedWhileReadingError
        return b"".join(data)


def _split_file(file: BinaryIO) -> Iterator[bytes]:
    # A bytes object would be copied at every read until a boundary is found.
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
