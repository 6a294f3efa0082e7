"""Make a change of a store: under its lock, tried as a whole, written so that no file is ever half of anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autotimeline import api
from autotimeline.editing import undo_log
from autotimeline.editing.draft import Draft, RefusedError, StaleError
from autotimeline.errors import AutotimelineError, UsageError, reason
from autotimeline.index import locations
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.index.cache import forget
from autotimeline.store import atomic_write
from autotimeline.store.locate import STDIN, locate
from autotimeline.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.index.builder import Progress

    Files = Mapping[str, tuple[bytes, bytes]]

# How often it is begun anew where somebody without a lock writes at the same time.
_TRIES = 6


class Changer:
    """How changes are made: to which store, how long another writer is waited for, and who is told.

    Args:
        files: The store, as `api.Timeline` takes it.
        command: What is said to have made the change, when it is taken back.
        waited: How many seconds another writer is waited for.
        dry: Find out what would change, and write nothing.
        told: Is told in words what a person wants to know meanwhile.
        today: The day from which relative dates count.
        cache: Keep the index between runs.
        progress: Is told how many bytes of a file are read, and of how many.
    """

    def __init__(
        self,
        files: Sequence[str],
        command: str,
        *,
        waited: float = atomic_write.WAITED,
        dry: bool = False,
        told: Callable[[str], object] = lambda text: None,
        today: str | None = None,
        cache: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.paths = locate(files)
        if STDIN in self.paths:
            raise UsageError("standard input cannot be changed; name a store with -f FILE")
        self.command = command
        self.waited = waited
        self.dry = dry
        self.told = told
        self.progress = progress
        self.today = today
        self.cache = cache
        self._invalid = False

    def look(self, see: Callable[[Draft], object]) -> None:
        """Let `see` look at a draft of the store as it is, without a lock: before a change that takes a person's time.

        Raises:
            AutotimelineError: where a file of the store cannot be written anyway.
        """
        for path in self.paths:
            atomic_write.writable(path)
        self._tried(see)

    def change(self, make: Callable[[Draft], object], undoes: Sequence[undo_log.Entry] = ()) -> Files:
        """Make what `make` makes of a draft, and return of each file that changes its bytes before and after.

        `make` is called under the lock with the store as it is then; it may be called again, where somebody who
        knows of no lock writes at the same time. A change is recorded, except if `make` fills
        `undoes` with records: the last one is undone, and all of them are dropped.

        Raises:
            RefusedError: where the store would have problems that it has not now.
            AutotimelineError: where it cannot be written; it is as it was.
        """
        if self.dry:
            return self._tried(make)
        for path in self.paths:
            atomic_write.writable(path)
        with atomic_write.locked(self.paths, self.waited, self.told):
            for _ in range(_TRIES):
                files = self._tried(make)
                forget()
                try:
                    self._write(files, undoes)
                except atomic_write.ChangedError:
                    continue
                return files
        raise self._restless()

    def _tried(self, make: Callable[[Draft], object]) -> Files:
        """Return what would be written, once the index says that the whole of it is a store."""
        for _ in range(_TRIES):
            try:
                return self._trial(make, cache=True)
            except StaleError:
                continue
            except sqlite3.Error:
                # An index that takes no change, as on a full disk: another one in memory does.
                return self._trial(make, cache=False)
        raise self._restless()

    def _restless(self) -> AutotimelineError:
        return AutotimelineError(f"{self.paths[0]}: it changes again and again; nothing was written: try again later")

    def _trial(self, make: Callable[[Draft], object], *, cache: bool) -> Files:
        cache = cache and self.cache
        with api.Timeline(self.paths, today=self.today, cache=cache, progress=self.progress) as story:
            if locations.headless(story.index):
                # Of another format, it may be, or what is in it cannot be told: what to change nobody knows.
                story.check()
            before = list(story.select().problems())
            self._invalid = bool(before)
            draft = Draft(story)
            make(draft)
            files = draft.files()
            changed = {story.files.index(path): new for path, (_, new) in files.items()}
            for number in changed:
                if locations.digest(story.index, number) != locations.digest_of(files[story.files[number]][0]):
                    raise StaleError
            with locations.tried(story.index, changed, self.progress):
                if not draft.restores_invalid and (problems := draft.problems(before)):
                    raise RefusedError(problems)
            return files

    def _write(self, files: Files, undoes: Sequence[undo_log.Entry]) -> None:
        entry = None
        # Before the files are replaced: the files of an interrupted undo must not match one of these records.
        for passed in undoes[:-1]:
            passed.drop()
        if files and not undoes:
            try:
                entry = undo_log.keep(self.command, files, invalid=self._invalid)
            except OSError as error:
                self.told(f"it cannot be undone: no note of it can be kept ({reason(error)})")
        try:
            atomic_write.replace(files)
        except atomic_write.PartError:
            raise
        except (AutotimelineError, atomic_write.ChangedError):
            # Who is interrupted may have written: a note of what never was is passed over.
            if entry:
                entry.drop()
            raise
        for undone in undoes[-1:]:
            undone.drop()


def undo(changer: Changer) -> tuple[str, Files]:
    """Take the last change of the store back; return what had made it, and the files as `change` does.

    Raises:
        AutotimelineError: where there is none, or a file has changed since.
    """
    found: list[undo_log.Entry] = []

    def make(draft: Draft) -> None:
        found[:] = _last(changer.paths)
        draft.restores_invalid = found[-1].invalid
        for path in changer.paths:
            if (old := found[-1].before(path, _bytes(path))) is not None:
                draft.put(path, old)

    files = changer.change(make, found)
    return found[-1].command, files


def _last(paths: Sequence[str]) -> list[undo_log.Entry]:
    """Return the record of the last change that these files have, behind newer records of changes that they lack.

    They lack a change that was interrupted before it was made, that is undone, or that was reverted by hand.

    Raises:
        AutotimelineError: if there is none, or if a file has changed since.
    """
    records: list[undo_log.Entry] = []
    named = {os.path.realpath(path) for path in paths}
    # Files that are neither what a record's change made of them nor what they were before it.
    changed: dict[str, undo_log.Entry] = {}
    for entry in undo_log.entries(paths):
        records.append(entry)
        states = {file["path"]: _state(file["path"]) for file in entry.files}
        made = {path for path, data in states.items() if entry.before(path, data) is not None}
        other = [path for path, data in states.items() if path not in made and not entry.undone(path, data)]
        for path in other:
            changed.setdefault(path, entry)
        if made and not other and states.keys() >= changed.keys():
            changed = {path: entry for path in states if path not in named}
            if not changed:
                return records
        if made:
            break
    for path, entry in changed.items():
        what = safe(f"`{entry.command}` of {entry.when}")
        if path not in named:
            raise AutotimelineError(f"{what} changed {path} too; name all files of the store with -f")
        raise AutotimelineError(
            f"{path} has changed since {what}; to take that back would lose what came after: do it by hand"
        )
    raise AutotimelineError(f"nothing to undo: no change of {', '.join(paths)} is on record")


def _state(path: str) -> bytes:
    """Return the bytes of a file that a record names, none if it cannot be read."""
    try:
        return _bytes(path)
    except (AutotimelineError, ValueError):
        return b""


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {reason(error)}") from None
