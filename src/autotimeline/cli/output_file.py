"""An answer in a file, which appears when it is whole."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress

from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.store import partial_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def open_atomically(path: str, sources: list[str], *, new: bool = False) -> Iterator[TextIO]:
    """Open a file, which has its name from the moment when all is written; a device or a pipe is written as it is.

    Raises:
        AutotimelineError: where the file cannot be written, is a link that another user planted, or has to be `new`
            and is there already.
        UsageError: where it is one of `sources`, the files of the store.
    """
    if any(os.path.realpath(path) == os.path.realpath(source) for source in sources):
        raise UsageError(f"{path} is the store itself; write to another file")
    try:
        target = partial_file.resolve_target(path)
        there = os.stat(target) if os.path.exists(target) else None
        if there and not stat.S_ISREG(there.st_mode):
            with _text(_device(path)) as file:
                yield file
            return
        if new and os.path.lexists(path):
            raise FileExistsError
        handle, temporary = partial_file.create_partial(target, 0o600 if there else 0o666)
        try:
            with _text(handle) as file:
                yield file
                file.flush()
                if there:
                    partial_file.copy_metadata(handle, there)
            _move_into_place(temporary, target, must_be_new=new)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
    except FileExistsError:
        raise AutotimelineError(f"{path} is there already; name another file, or replace it with --force") from None
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _text(handle: int) -> TextIO:
    return open(handle, "w", encoding="utf-8", newline="", errors="surrogateescape")


def _device(path: str) -> int:
    """Open what is no file of its own; a file that took its place meanwhile is not emptied."""
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} has changed meanwhile")
    return handle


def _move_into_place(temporary: str, target: str, *, must_be_new: bool) -> None:
    """Give a whole file its name; where it has to be `new`, not over one that came meanwhile."""
    if must_be_new:
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has links: then nothing is surer than to look once more.
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            os.unlink(temporary)
            return
    os.replace(temporary, target)
