"""Time autotimeline by itself and beside other tools, as ratios to a bare start of Python in the same run.

python bench/run.py --install

Each measurement stands beside a `python -c pass` of its own, taken just before it, so that a machine
that slows down slows both. Commands take turns, round by round. Times are wall-clock, of the whole
process, its output read from a pipe and thrown away. No test depends on them.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import install
import own
import peers
import timing

PARTS = ("own", "peers")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Time autotimeline by itself, and beside other tools.")
    parser.add_argument("parts", nargs="*", metavar="own|peers", help="which tables; without it, both")
    parser.add_argument("--install", action="store_true", help="install the other tools first (apt-get, pip)")
    parser.add_argument("--rounds", type=int, default=11, help="how often each command is timed")
    parser.add_argument("--sizes", help="how many events, separated by commas")
    parser.add_argument("--tools", default="", help="which tools, separated by commas; without it, all that are there")
    parser.add_argument("--folder", type=Path, help="where the stores are written; some GB for a million events")
    asked = parser.parse_args()
    if wrong := set(asked.parts) - set(PARTS):
        parser.error(f"no {' '.join(sorted(wrong))}; there are {' and '.join(PARTS)}")
    sizes = [int(size) for size in asked.sizes.split(",")] if asked.sizes else ()
    names = asked.tools.split(",") if asked.tools else ()
    if asked.install:
        install.install()
    same = True
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for part in asked.parts or PARTS:
            place = Path(folder, part)
            place.mkdir()
            if part == "own":
                own.measure(sizes or own.SIZES, asked.rounds, place)
            else:
                same = peers.measure(sizes or peers.SIZES, names, asked.rounds, place)
    reader = f"tomli {version('tomli')}" if find_spec("tomli") else "no tomli"
    print(f"\nPython {platform.python_version()}, Typer {version('typer')}, {reader},", end=" ")
    print(f"SQLite {sqlite3.sqlite_version},", end=" ")
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; {asked.rounds} rounds, of what is slow",
        end=" ",
    )
    print(
        f"{timing.ENOUGH_ROUNDS}. `python -c pass` took {statistics.median(timing.BARE) * 1000:.1f} ms and counts as 1."
    )
    if not same:
        sys.exit("the tools do not give the same answers: see above")


if __name__ == "__main__":
    main()
