"""Versions of a store in the history of git, read by four plumbing commands.

No hook, filter, pager, or remote of the repository runs, because a repository may be from another person.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import BinaryIO

from autotimeline.errors import AutotimelineError, StoreError, UsageError
from autotimeline.store.bounded_input import MAX_FILE_BYTES
from autotimeline.store.locate import STDIN, is_store_file, list_store_names, refuse_lake

_OPTIONS = (
    *("--no-pager", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit"),
)
# A missing object is not fetched from a remote, whose address may be a command.
_VARIABLES = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_FILE_MODES = ("100644", "100755")


class StoreHistory:
    """The history of the store that `-f`, AUTOTIMELINE_FILE, or the default names.

    Raises:
        AutotimelineError: If git is missing, or a file of the store is not in a repository.
        UsageError: If the store is standard input or a lake.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.names = list_store_names(arguments)
        if STDIN in self.names:
            raise UsageError("standard input has no history; name a file of a git repository with -f")
        for name in self.names:
            refuse_lake(name)
            self._run(name, "rev-parse", "--git-dir")

    def find_commit(self, revision: str) -> str:
        """Return the hash of the commit that a revision, such as `HEAD~1`, means.

        Raises:
            UsageError: If it means none.
        """
        if revision.startswith("-") or "\0" in revision:
            raise UsageError(f'no revision "{revision}"; write one such as HEAD~1')
        command = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        commit = self._run(self.names[0], *command, may_fail=True).decode().strip()
        if not commit:
            raise UsageError(f'no revision "{revision}" in this repository; `git log` lists the commits')
        return commit

    def find_commit_before(self, day: int) -> str:
        """Return the hash of the last commit before a day (an ordinal) in local time.

        Raises:
            AutotimelineError: If there is none.
        """
        first = date.fromordinal(day)
        midnight = int(time.mktime((first.year, first.month, first.day, 0, 0, 0, 0, 0, -1))) if first.year > 1970 else 0
        head = self.find_commit("HEAD")
        command = ("rev-list", "--max-count=1", f"--min-age={midnight - 1}", head, "--")
        commit = self._run(self.names[0], *command).decode().strip() if midnight else ""
        if not commit:
            raise AutotimelineError(f"no commit before {first}; name a later day, or compare with an empty file")
        return commit

    def write_version(self, commit: str, revision: str, directory: str) -> dict[str, str]:
        """Write the files of the store at a commit; return the path of each, and its name for messages.

        Files that did not exist at that time are omitted.

        Raises:
            AutotimelineError: If all are missing, or one is a link or too large.
        """
        paths: dict[str, str] = {}
        for number, name in enumerate(self.names):
            target = os.path.join(directory, str(number))
            os.mkdir(target)
            for mode, blob, size, file in self._list_files(name, commit):
                shown = os.path.join(name, file) if os.path.isdir(name) else name
                if mode not in _FILE_MODES:
                    raise AutotimelineError(f"{shown}: not a file in {revision}; name the file that it links to")
                if size > MAX_FILE_BYTES:
                    raise StoreError(f"{shown}: too large in {revision}; split it into several files")
                path = os.path.join(target, file)
                with open(path, "xb") as out:
                    self._run(name, "cat-file", "blob", blob, out=out)
                paths[path] = f"{revision}:{shown}"
        if not paths:
            names = ", ".join(self.names)
            raise AutotimelineError(f"{names}: not in {revision}; name a later revision, or compare with an empty file")
        return paths

    def _list_files(self, name: str, commit: str) -> Iterator[tuple[str, str, int, str]]:
        """Yield mode, id of the blob, size, and name of the files that a name of the store meant at a commit."""
        path = os.path.realpath(name)
        pattern = ["--", os.path.basename(path)] if not os.path.isdir(path) else []
        for entry in self._run(name, "ls-tree", "-z", "--long", commit, *pattern).split(b"\0"):
            if entry:
                head, _, file = entry.partition(b"\t")
                mode, kind, blob, size = head.decode().split()
                # A damaged tree may have a name with a slash, which would write outside of the directory.
                if kind == "blob" and b"/" not in file and (pattern or is_store_file(os.fsdecode(file))):
                    yield mode, blob, int(size), os.fsdecode(file)

    def _run(self, name: str, *command: str, may_fail: bool = False, out: BinaryIO | None = None) -> bytes:
        """Return the output of a git command in the directory of a file; empty if it fails and `may_fail`."""
        try:
            path = os.path.realpath(name)
            directory = path if os.path.isdir(path) else os.path.dirname(path)
            done = subprocess.run(  # noqa: S603  fixed commands; a revision comes after --end-of-options
                ["git", "-C", directory, *_OPTIONS, *command],  # noqa: S607  the git of the user
                env={**os.environ, **_VARIABLES},
                stdin=subprocess.DEVNULL,
                stdout=out or subprocess.PIPE,
                stderr=subprocess.PIPE,
                check=False,
            )
        except OSError:
            raise AutotimelineError("git: not found; install git, or compare two files with diff OLD NEW") from None
        except ValueError:
            raise UsageError(f'"{name}" is not the path of a store') from None
        if done.returncode and not may_fail:
            reason = done.stderr.decode(errors="replace").partition("\n")[0].removeprefix("fatal: ")
            if reason.startswith("not a git repository"):
                raise AutotimelineError(f"{name}: not in a git repository; compare two files with diff OLD NEW")
            raise AutotimelineError(f"git: {reason or f'exit code {done.returncode}'}; fix the repository")
        return b"" if done.returncode else done.stdout or b""
