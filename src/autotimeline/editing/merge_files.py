"""Merging of the three files that git names to a merge driver."""

from autotimeline.editing.store_merge import Conflict, StoreMerger
from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.store import atomic_write, edit

_BOM = b"\xef\xbb\xbf"


def merge_files(base: str, ours: str, theirs: str, marker_size: int) -> list[Conflict]:
    """Write the merged text to the file `ours`, and return the conflicts.

    Raises:
        AutotimelineError: If a file cannot be read or written; it is unchanged.
    """
    contents = [_read_bytes(path) for path in (base, ours, theirs)]
    texts = [_decode(data) for data in contents]
    old, our_text, their_text = (text.replace("\r\n", "\n") for text in texts)
    merged, conflicts = StoreMerger(old, our_text, their_text, marker_size).merge()
    bom = _BOM if contents[1].startswith(_BOM) else b""
    data = bom + edit.keep_line_endings(texts[1], merged).encode(errors="surrogateescape")
    if data != contents[1]:
        try:
            atomic_write.replace_files({ours: (contents[1], data)})
        except atomic_write.FileChangedOnDiskError:
            raise AutotimelineError(f"{ours}: it changed while it was merged") from None
    return conflicts


def _read_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _decode(data: bytes) -> str:
    # A file that is not UTF-8 is not a valid store, but git merges any bytes.
    return data.removeprefix(_BOM).decode(errors="surrogateescape")
