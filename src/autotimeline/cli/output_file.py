"""Output files that appear when they are complete."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.store import partial_file


@contextmanager
def open_atomically(path: str, sources: Sequence[str] = (), *, new: bool = False) -> Iterator[TextIO]:
    """Open a file that gets its name when it is complete; a device or a pipe is written directly.

    Raises:
        AutotimelineError: If the file cannot be written, is a link that another user created, or exists and must be
            `new`.
        UsageError: If it is one of `sources`, the files of the store.
    """
    if any(os.path.realpath(path) == os.path.realpath(source) for source in sources):
        raise UsageError(f"{path}: file of the store; name another file")
    try:
        target = partial_file.resolve_target(path)
        existing = os.stat(target) if os.path.exists(target) else None
        if existing and not stat.S_ISREG(existing.st_mode):
            with _open_text(_open_device(path)) as file:
                yield file
            return
        if new and os.path.lexists(path):
            raise FileExistsError
        handle, temporary = partial_file.create_partial(target, 0o600 if existing else 0o666)
        try:
            with _open_text(handle) as file:
                yield file
                file.flush()
                if existing:
                    partial_file.copy_metadata(handle, existing)
            _move_into_place(temporary, target, must_be_new=new)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
    except FileExistsError:
        raise AutotimelineError(f"{path} already exists; name another file, or replace it with --force") from None
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _open_text(handle: int) -> TextIO:
    return open(handle, "w", encoding="utf-8", newline="", errors="surrogateescape")


def _open_device(path: str) -> int:
    """Open a device or a pipe, without truncating a regular file that replaced it in the meantime."""
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("replaced by a regular file; run the command again")
    return handle


def _move_into_place(temporary: str, target: str, *, must_be_new: bool) -> None:
    """Give a complete file its name; if it must be new, do not replace a file created in the meantime."""
    if must_be_new:
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links: another look is the best that remains.
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            os.unlink(temporary)
            return
    os.replace(temporary, target)
