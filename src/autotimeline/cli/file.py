"""An answer in a file, which appears when it is whole."""

from __future__ import annotations

import os
from contextlib import contextmanager

from autotimeline.errors import AutotimelineError, UsageError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def written(path: str, sources: list[str], *, new: bool = False) -> Iterator[TextIO]:
    """Open a file, which has its name from the moment when all is written; a device or a pipe is written as it is.

    Raises:
        AutotimelineError: where the file cannot be written, or has to be `new` and is there already.
        UsageError: where it is one of `sources`, the files of the store.
    """
    if any(os.path.realpath(path) == os.path.realpath(source) for source in sources):
        raise UsageError(f"{path} is the store itself; write to another file")
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", newline="") as file:
                yield file
            return
        if new and os.path.lexists(path):
            raise FileExistsError
        target = os.path.realpath(path)
        part = f"{target}.{os.getpid()}.part"
        try:
            with open(part, "w", encoding="utf-8", newline="", errors="surrogateescape") as file:
                yield file
            if os.path.exists(target):
                os.chmod(part, os.stat(target).st_mode)
            _named(part, target, new=new)
        except BaseException:
            if os.path.exists(part):
                os.unlink(part)
            raise
    except FileExistsError:
        raise AutotimelineError(f"{path} is there already; name another file, or replace it with --force") from None
    except OSError as error:
        raise AutotimelineError(f"{path}: {reason(error)}") from None


def _named(part: str, target: str, *, new: bool) -> None:
    """Give a whole file its name; where it has to be `new`, not over one that came meanwhile."""
    if new:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:
            # Not every file system has links: then nothing is surer than to look once more.
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            os.unlink(part)
            return
    os.replace(part, target)
