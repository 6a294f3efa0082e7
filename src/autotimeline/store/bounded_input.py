"""Reading of input that may not end: standard input, a pipe, a device."""

from __future__ import annotations

import io
import stat

from autotimeline.errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import BinaryIO

MAX_STREAM_BYTES = 512 * 1024 * 1024
MAX_FILE_BYTES = 1 << 31
_READ_BYTES = 1 << 20


def read_bounded(file: BinaryIO, name: str, error: type[Exception] = StoreError) -> bytes:
    """Return all bytes of a file.

    Raises:
        StoreError: (or `error`) If there are more than MAX_STREAM_BYTES.
    """
    chunks, size = [], 0
    while chunk := file.read(_READ_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_STREAM_BYTES:
            raise error(f"{name}: larger than {MAX_STREAM_BYTES // 1024 // 1024} MiB; split it into several files")
    return b"".join(chunks)


def seekable_file(file: BinaryIO, name: str, status: os.stat_result) -> BinaryIO:
    """Return a regular file itself, which may be larger than memory, or a copy of input that can be read only once.

    Raises:
        StoreError: If it is too large.
    """
    if not stat.S_ISREG(status.st_mode):
        return io.BytesIO(read_bounded(file, name))
    if status.st_size > MAX_FILE_BYTES:
        raise StoreError(f"{name}: larger than 2 GiB; split the store into several files")
    return file
