"""A snapshot whose checksum does not match its content."""

from __future__ import annotations

from os.path import isfile

from autotimeline.checks._finding import Finding
from autotimeline.reports.snapshot import SelectionSnapshot, stored_checksums
from autotimeline.store.locate import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
`autotimeline export` writes a checksum of all exported facts into [snapshot]. A different result
means that a fact was changed, added, or removed since. Comments, line ends, and the order of keys
do not count.

Export it again. To continue with it as a store of your own, remove [snapshot]."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each file that says of itself what is not true."""
    for file, line, stated_checksum in stored_checksums(everything):
        # What is no TOML, or cannot be read any more, is a finding of another rule.
        if file == STDIN or not isfile(file):
            # Where it says word for word what an export would, the index knows.
            if SelectionSnapshot(everything, read_day=everything.resolver.today).header["sha256"] == stated_checksum:
                continue
            what = "the sum cannot be verified: standard input or a pipe is read once; name the file"
            yield Finding(file, line, None, f"snapshot: {what}")
        elif (actual_checksum := _compute_checksum(file)) not in (None, stated_checksum):
            what = f"snapshot: sha256: the sum of what the file holds is {actual_checksum}: it was changed after it was taken"
            yield Finding(
                file, line, None, f"{what}; export it anew, or take [snapshot] out: it is a store like any other"
            )


def _compute_checksum(path: str) -> str | None:
    from autotimeline.store.checksum import file_checksum

    try:
        with open(path, "rb") as file:
            return file_checksum(file.read())
    except OSError:
        return None
