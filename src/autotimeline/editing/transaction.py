"""Changes of a store: made under its lock, checked as a whole, and written atomically."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, InitVar, dataclass

from autotimeline import api
from autotimeline.editing import undo_log
from autotimeline.editing.draft import ChangeProblem, Draft, RejectedChangeError
from autotimeline.editing.source_file import StaleIndexError
from autotimeline.engines.sqlite import sqlite3
from autotimeline.errors import AutotimelineError, StoreError, UsageError, error_reason
from autotimeline.index import locations
from autotimeline.index.builder import Progress
from autotimeline.index.cache import forget_suspects, save_trial
from autotimeline.store import atomic_write
from autotimeline.store.locate import STDIN, find_files
from autotimeline.store.toml_errors import MERGE_CONFLICT
from autotimeline.text import escape_control

FileChanges = Mapping[str, tuple[bytes, bytes]]
# Receives the problems that a change would cause, and returns whether to edit a new draft instead.
Review = Callable[[list[ChangeProblem]], bool]

# Another program may write at the same time without the lock.
_MAX_ATTEMPTS = 6


def _reject(problems: list[ChangeProblem]) -> bool:
    if problems:
        raise RejectedChangeError(problems)
    return False


@dataclass
class StoreWriter:
    """Writes changes of a store.

    Args:
        files: The store, as for `api.Timeline`.
        command: The command line that the undo record names.
        lock_timeout: The seconds to wait for another writer.
        dry_run: Whether to compute the change without writing it.
        notify: Receives messages for the user.
        today: The day that relative dates count from.
        cache: Whether to keep the index between runs.
        progress: Receives the number of bytes read and the size of a file.
    """

    files: InitVar[Sequence[str]]
    command: str
    _: KW_ONLY
    lock_timeout: float = atomic_write.DEFAULT_LOCK_TIMEOUT
    dry_run: bool = False
    notify: Callable[[str], object] = lambda text: None
    today: str | None = None
    cache: bool = True
    progress: Progress | None = None

    def __post_init__(self, files: Sequence[str]) -> None:
        self.paths = find_files(files)
        if STDIN in self.paths:
            raise UsageError("standard input cannot be changed; name a store with -f FILE")
        self._invalid = False

    def preview(self, inspect_draft: Callable[[Draft], object]) -> None:
        """Call a function with a draft without the lock, after checking that all files are writable."""
        for path in self.paths:
            atomic_write.require_writable(path)
        self._try_change(inspect_draft)

    def change(
        self,
        edit_draft: Callable[[Draft], object],
        undoes: Sequence[undo_log.UndoRecord] = (),
        review: Review = _reject,
    ) -> FileChanges:
        """Apply a function to a draft under the lock, write it, and return each file's bytes before and after, by path.

        The function is called again if another program writes at the same time, or if `review` of the draft's problems
        returns True. If it fills `undoes`, the last of these records is undone: all of them are deleted, and the change
        is not recorded.

        Raises:
            RejectedChangeError: If the change would cause problems.
            AutotimelineError: If the store cannot be written; it is unchanged.
        """
        if self.dry_run:
            return self._try_change(edit_draft, review)
        for path in self.paths:
            atomic_write.require_writable(path)
        with atomic_write.lock_files(self.paths, self.lock_timeout, self.notify):
            for _ in range(_MAX_ATTEMPTS):
                with suppress(atomic_write.FileChangedOnDiskError):
                    return self._try_change(edit_draft, review, lambda files: self._write(files, undoes))
        raise self._busy_error()

    def _try_change(
        self,
        edit_draft: Callable[[Draft], object],
        review: Review = _reject,
        write: Callable[[FileChanges], object] | None = None,
    ) -> FileChanges:
        """Return the changed files, which are written after the index has checked the changed store."""
        for _ in range(_MAX_ATTEMPTS):
            try:
                return self._attempt(edit_draft, review, write, cache=self.cache)
            except StaleIndexError:
                continue
            except sqlite3.Error:
                # The index cannot be changed, for example on a full disk: use one in memory.
                return self._attempt(edit_draft, review, write, cache=False)
        raise self._busy_error()

    def _busy_error(self) -> AutotimelineError:
        return AutotimelineError(f"{self.paths[0]}: it keeps changing; nothing was written: try again later")

    def _attempt(
        self,
        edit_draft: Callable[[Draft], object],
        review: Review,
        write: Callable[[FileChanges], object] | None,
        *,
        cache: bool,
    ) -> FileChanges:
        with api.Timeline(self.paths, today=self.today, cache=cache, progress=self.progress) as timeline:
            if locations.is_unreadable(timeline.index):
                # Its format may be newer, so no change of it is safe.
                timeline.check()
            problems_before = list(timeline.select().catalog.problems())
            self._invalid = bool(problems_before)
            for path, line, _, text in problems_before:
                if text.startswith(MERGE_CONFLICT):
                    raise StoreError(f"{path}:{line}: {MERGE_CONFLICT}")
            while True:
                draft = Draft(timeline)
                edit_draft(draft)
                files = draft.file_changes()
                changed = {timeline.files.index(path): new for path, (_, new) in files.items()}
                with locations.trial_update(timeline.index, changed, self.progress):
                    problems = [] if draft.restores_invalid else draft.new_problems(problems_before)
                    if review(problems):
                        continue
                    if write:
                        forget_suspects()
                        write(files)
                    if write and cache:
                        save_trial(timeline.index, self.paths)
                    return files

    def _write(self, files: FileChanges, undoes: Sequence[undo_log.UndoRecord]) -> None:
        undo_record = None
        # Deleted first: the files of an interrupted undo must not match one of these records.
        for skipped in undoes[:-1]:
            skipped.delete()
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
            # An interrupted write keeps its record, because files may have been replaced.
            if undo_record:
                undo_record.delete()
            raise
        for undone in undoes[-1:]:
            undone.delete()


def undo(writer: StoreWriter) -> tuple[str, FileChanges]:
    """Undo the last change of the store, and return its command line and the files as `StoreWriter.change` does.

    Raises:
        AutotimelineError: If no change is recorded, or if a file has changed since.
    """
    records: list[undo_log.UndoRecord] = []

    def edit_draft(draft: Draft) -> None:
        records[:] = _find_last_record(writer.paths)
        draft.restores_invalid = records[-1].invalid
        for path in writer.paths:
            if (old := records[-1].restore(path, _read_bytes(path))) is not None:
                draft.replace_file(path, old)

    files = writer.change(edit_draft, records)
    return records[-1].command, files


def _find_last_record(paths: Sequence[str]) -> list[undo_log.UndoRecord]:
    """Return the record of the last change in these files, after newer records of changes that are not in them.

    A change is not in the files if it was interrupted, undone, or reverted by hand.
    """
    records: list[undo_log.UndoRecord] = []
    store_paths = {os.path.realpath(path) for path in paths}
    # Files that match neither the state before a recorded change nor the state after it.
    changed: dict[str, undo_log.UndoRecord] = {}
    for record in undo_log.read_records(paths):
        records.append(record)
        data_by_path = {file["path"]: _read_if_possible(file["path"]) for file in record.files}
        applied = {path for path, data in data_by_path.items() if record.restore(path, data) is not None}
        unmatched = [
            path for path, data in data_by_path.items() if path not in applied and not record.is_undone(path, data)
        ]
        for path in unmatched:
            changed.setdefault(path, record)
        if applied and not unmatched and data_by_path.keys() >= changed.keys():
            changed = {path: record for path in data_by_path if path not in store_paths}
            if not changed:
                return records
        if applied:
            break
    for path, record in changed.items():
        what = escape_control(f"`{record.command}` of {record.timestamp}")
        if path not in store_paths:
            raise AutotimelineError(f"{what} changed {path} too; name all files of the store with -f")
        raise AutotimelineError(
            f"{path} has changed since {what}; to take that back would lose what came after: do it by hand"
        )
    raise AutotimelineError(f"nothing to undo: no change of {', '.join(paths)} is on record")


def _read_if_possible(path: str) -> bytes:
    """Return the bytes of a recorded file; empty if it cannot be read."""
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
