"""A snapshot whose checksum does not match its content."""

from __future__ import annotations

from os.path import isfile

from autotimeline.checks._finding import Finding
from autotimeline.reports.snapshot import Snapshot, sums
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
BAD = """\
[snapshot]
events = 1
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"

[source.s]
title = "S"

[[event]]
id = "deal"
date = "2023-10"
title = "A deal is made"
sources = ["s"]
"""
GOOD = BAD.replace("0" * 64, "bed81a523b5ffc7738545a88adef43a53ca778ed8980f5e52adc165c46e67c44")


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each file that says of itself what is not true."""
    for file, line, told in sums(everything):
        # What is no TOML, or cannot be read any more, is a finding of another rule.
        if file == STDIN or not isfile(file):
            # Where it says word for word what an export would, the index knows.
            if Snapshot(everything, read=everything.scope.today).header["sha256"] == told:
                continue
            what = "the sum cannot be verified: standard input or a pipe is read once; name the file"
            yield Finding(file, line, None, f"snapshot: {what}")
        elif (found := _sum(file)) not in (None, told):
            what = f"snapshot: sha256: the sum of what the file holds is {found}: it was changed after it was taken"
            yield Finding(
                file, line, None, f"{what}; export it anew, or take [snapshot] out: it is a store like any other"
            )


def _sum(path: str) -> str | None:
    from autotimeline.store.checksum import checksum_of

    try:
        with open(path, "rb") as file:
            return checksum_of(file.read())
    except OSError:
        return None
