"""Make a change of a store: under its lock, tried as a whole, written so that no file is ever half of anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autotimeline import api
from autotimeline.editing import undo_log
from autotimeline.editing.draft import Draft, RejectedChangeError, StaleIndexError
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.index import locations
from autotimeline.index._sqlite3 import sqlite3
from autotimeline.index.cache import forget_suspects
from autotimeline.store import atomic_write
from autotimeline.store.locate import STDIN, find_files
from autotimeline.text import escape_control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from autotimeline.index.builder import Progress

    FileChanges = Mapping[str, tuple[bytes, bytes]]

# How often it is begun anew where somebody without a lock writes at the same time.
_MAX_ATTEMPTS = 6


class StoreWriter:
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
        lock_timeout: float = atomic_write.DEFAULT_LOCK_TIMEOUT,
        dry_run: bool = False,
        notify: Callable[[str], object] = lambda text: None,
        today: str | None = None,
        cache: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.paths = find_files(files)
        if STDIN in self.paths:
            raise UsageError("standard input cannot be changed; name a store with -f FILE")
        self.command = command
        self.lock_timeout = lock_timeout
        self.dry_run = dry_run
        self.notify = notify
        self.progress = progress
        self.today = today
        self.cache = cache
        self._invalid = False

    def preview(self, inspect_draft: Callable[[Draft], object]) -> None:
        """Let `see` look at a draft of the store as it is, without a lock: before a change that takes a person's time.

        Raises:
            AutotimelineError: where a file of the store cannot be written anyway.
        """
        for path in self.paths:
            atomic_write.require_writable(path)
        self._try_change(inspect_draft)

    def change(self, edit_draft: Callable[[Draft], object], undoes: Sequence[undo_log.UndoRecord] = ()) -> FileChanges:
        """Make what `make` makes of a draft, and return of each file that changes its bytes before and after.

        `make` is called under the lock with the store as it is then; it may be called again, where somebody who
        knows of no lock writes at the same time. A change is recorded, except if `make` fills
        `undoes` with records: the last one is undone, and all of them are dropped.

        Raises:
            RefusedError: where the store would have problems that it has not now.
            AutotimelineError: where it cannot be written; it is as it was.
        """
        if self.dry_run:
            return self._try_change(edit_draft)
        for path in self.paths:
            atomic_write.require_writable(path)
        with atomic_write.lock_files(self.paths, self.lock_timeout, self.notify):
            for _ in range(_MAX_ATTEMPTS):
                files = self._try_change(edit_draft)
                forget_suspects()
                try:
                    self._write(files, undoes)
                except atomic_write.FileChangedOnDiskError:
                    continue
                return files
        raise self._busy_error()

    def _try_change(self, edit_draft: Callable[[Draft], object]) -> FileChanges:
        """Return what would be written, once the index says that the whole of it is a store."""
        for _ in range(_MAX_ATTEMPTS):
            try:
                return self._attempt(edit_draft, cache=True)
            except StaleIndexError:
                continue
            except sqlite3.Error:
                # An index that takes no change, as on a full disk: another one in memory does.
                return self._attempt(edit_draft, cache=False)
        raise self._busy_error()

    def _busy_error(self) -> AutotimelineError:
        return AutotimelineError(f"{self.paths[0]}: it changes again and again; nothing was written: try again later")

    def _attempt(self, edit_draft: Callable[[Draft], object], *, cache: bool) -> FileChanges:
        cache = cache and self.cache
        with api.Timeline(self.paths, today=self.today, cache=cache, progress=self.progress) as timeline:
            if locations.is_unreadable(timeline.index):
                # Of another format, it may be, or what is in it cannot be told: what to change nobody knows.
                timeline.check()
            problems_before = list(timeline.select().catalog.problems())
            self._invalid = bool(problems_before)
            draft = Draft(timeline)
            edit_draft(draft)
            files = draft.file_changes()
            changed = {timeline.files.index(path): new for path, (_, new) in files.items()}
            for number in changed:
                if locations.indexed_digest(timeline.index, number) != locations.compute_digest(
                    files[timeline.files[number]][0]
                ):
                    raise StaleIndexError
            with locations.trial_update(timeline.index, changed, self.progress):
                if not draft.restores_invalid and (problems := draft.new_problems(problems_before)):
                    raise RejectedChangeError(problems)
            return files

    def _write(self, files: FileChanges, undoes: Sequence[undo_log.UndoRecord]) -> None:
        undo_record = None
        # Before the files are replaced: the files of an interrupted undo must not match one of these records.
        for passed in undoes[:-1]:
            passed.delete()
        if files and not undoes:
            try:
                undo_record = undo_log.save_record(self.command, files, invalid=self._invalid)
            except OSError as error:
                self.notify(f"it cannot be undone: no note of it can be kept ({error_reason(error)})")
        try:
            atomic_write.replace_files(files)
        except atomic_write.PartialWriteError:
            raise
        except (AutotimelineError, atomic_write.FileChangedOnDiskError):
            # Who is interrupted may have written: a note of what never was is passed over.
            if undo_record:
                undo_record.delete()
            raise
        for undone in undoes[-1:]:
            undone.delete()


def undo(writer: StoreWriter) -> tuple[str, FileChanges]:
    """Take the last change of the store back; return what had made it, and the files as `change` does.

    Raises:
        AutotimelineError: where there is none, or a file has changed since.
    """
    found: list[undo_log.UndoRecord] = []

    def edit_draft(draft: Draft) -> None:
        found[:] = _find_last_record(writer.paths)
        draft.restores_invalid = found[-1].invalid
        for path in writer.paths:
            if (old := found[-1].restore(path, _read_bytes(path))) is not None:
                draft.replace_file(path, old)

    files = writer.change(edit_draft, found)
    return found[-1].command, files


def _find_last_record(paths: Sequence[str]) -> list[undo_log.UndoRecord]:
    """Return the record of the last change that these files have, behind newer records of changes that they lack.

    They lack a change that was interrupted before it was made, that is undone, or that was reverted by hand.

    Raises:
        AutotimelineError: if there is none, or if a file has changed since.
    """
    records: list[undo_log.UndoRecord] = []
    store_paths = {os.path.realpath(path) for path in paths}
    # Files that are neither what a record's change made of them nor what they were before it.
    changed: dict[str, undo_log.UndoRecord] = {}
    for record in undo_log.read_records(paths):
        records.append(record)
        data_by_path = {file["path"]: _state(file["path"]) for file in record.files}
        made = {path for path, data in data_by_path.items() if record.restore(path, data) is not None}
        other = [path for path, data in data_by_path.items() if path not in made and not record.is_undone(path, data)]
        for path in other:
            changed.setdefault(path, record)
        if made and not other and data_by_path.keys() >= changed.keys():
            changed = {path: record for path in data_by_path if path not in store_paths}
            if not changed:
                return records
        if made:
            break
    for path, record in changed.items():
        what = escape_control(f"`{record.command}` of {record.timestamp}")
        if path not in store_paths:
            raise AutotimelineError(f"{what} changed {path} too; name all files of the store with -f")
        raise AutotimelineError(
            f"{path} has changed since {what}; to take that back would lose what came after: do it by hand"
        )
    raise AutotimelineError(f"nothing to undo: no change of {', '.join(paths)} is on record")


def _state(path: str) -> bytes:
    """Return the bytes of a file that a record names, none if it cannot be read."""
    try:
        return _read_bytes(path)
    except (AutotimelineError, ValueError):
        return b""


def _read_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None
