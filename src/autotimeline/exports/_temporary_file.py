"""A file of bytes that is built in a temporary directory and then copied to the output."""

import os
from collections.abc import Callable
from typing import TextIO

from autotimeline.errors import AutotimelineError, error_reason

_CHUNK = 1 << 20


def copy_built_file(build: Callable[[str], None], out: TextIO) -> None:
    """Write the bytes of the file that `build` creates at the path that it gets."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="autotimeline-") as directory:
        path = os.path.join(directory, "snapshot")
        build(path)
        out.flush()
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                out.buffer.write(chunk)


def building_error(path: str, error: Exception) -> AutotimelineError:
    """Return the error of a file that could not be built at the path."""
    directory = os.path.dirname(os.path.dirname(path))
    return AutotimelineError(f"{directory}: {error_reason(error)}; free some space, or set TMPDIR to another directory")
