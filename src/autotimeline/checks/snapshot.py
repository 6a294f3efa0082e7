"""A snapshot whose checksum does not match its content."""

from os.path import isfile

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.reports.snapshot import SelectionSnapshot
from autotimeline.store.checksum import file_checksum
from autotimeline.store.locate import STDIN

LEVEL = "problem"
EXPLAIN = """\
`autotimeline export` writes a checksum of all exported facts into [snapshot]. A different result
means that a fact was changed, added, or removed since. Comments, line ends, and the order of keys
do not count.

Export it again. To continue with it as a store of your own, remove [snapshot]."""


def find(everything: Selection) -> Findings:
    """Yield a finding for each file whose checksum is wrong or cannot be verified."""
    for _, _, file, line, keys in read_bodies(everything, "snapshot"):
        stated_checksum = keys["sha256"]
        if file == STDIN or not isfile(file):
            # The index can confirm the checksum only if it equals that of an export.
            if SelectionSnapshot(everything).header["sha256"] != stated_checksum:
                what = "cannot verify the checksum of standard input or a pipe; name the file"
                yield Finding(file, line, None, f"snapshot: {what}")
        elif (actual := _compute_checksum(file)) not in (None, stated_checksum):
            what = f"the checksum of the data is {actual}; export it again, or remove [snapshot]"
            yield Finding(file, line, None, f"snapshot: sha256: {what}")


def _compute_checksum(path: str) -> str | None:
    """Return the checksum of a file; None if it is unreadable or invalid, which other rules report."""
    try:
        with open(path, "rb") as file:
            return file_checksum(file.read())
    except OSError:
        return None
