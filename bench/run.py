"""Time the commands that scripts call, as ratios to a bare start of Python in the same run.

python bench/run.py

Each measurement stands beside a `python -c pass` of its own, taken just before it, so that a machine
that slows down slows both. Commands take turns, round by round. Times are wall-clock, of the whole
process, its output read from a pipe and thrown away. No test depends on them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BENCH = Path(__file__).parent
PASS = (sys.executable, "-c", "pass")
PEER = (sys.executable, "-c", "import typer")
# What is asked of a store: the name in the table, the words of the command line.
QUESTIONS = {
    "list -O plain": ("list", "-O", "plain"),
    "list -p 2019 -n 20 -O plain": ("list", "-p", "2019", "-n", "20", "-O", "plain"),
    "timeline": ("timeline",),
    "show ID": ("show", "ID"),
}
# A file that changed within the last two seconds is never trusted by its `stat`: let the stores settle.
SETTLE_SECONDS = 2.5
# A case that has taken so long in all, and was measured at least so often, is left out of the rounds to come.
ENOUGH_SECONDS, ENOUGH_ROUNDS = 20.0, 5


class Case:
    """A command to time, the cache folder to empty before each run, and the ratios that were found."""

    def __init__(self, name: str, state: str, size: int, command: Sequence[str], cache: Path) -> None:
        self.key = (name, state, size)
        self.command = command
        self.cache = cache
        self.cold = state == "cold"
        self.spent = 0.0
        self.ratios: list[float] = []

    def measure(self, environment: dict[str, str]) -> float:
        """Time it once beside a bare start, and return what that took."""
        bare = seconds(PASS, environment)
        if self.spent < ENOUGH_SECONDS or len(self.ratios) < ENOUGH_ROUNDS:
            if self.cold:
                shutil.rmtree(self.cache, ignore_errors=True)
            took = seconds(self.command, {**environment, "XDG_CACHE_HOME": str(self.cache)})
            self.spent += took
            self.ratios.append(took / bare)
        return bare

    def median(self) -> float:
        """Return the median of the ratios."""
        return statistics.median(self.ratios)

    def shown(self) -> str:
        """Return the median, and the quartiles where there are enough rounds for them."""
        if len(self.ratios) < 2:
            return f"{self.median():.2f}"
        low, _, high = statistics.quantiles(self.ratios, n=4, method="inclusive")
        digits = 1 if self.median() >= 10 else 2
        return f"{self.median():.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """Run a command to its end, throw its output away, and return how long that took."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start


def clean() -> dict[str, str]:
    """Return the environment without what steers Python or the program: compiled files are written and used."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUTOTIMELINE"))}


def cases(program: str, sizes: Sequence[int], folder: Path, environment: dict[str, str]) -> list[Case]:
    """Write the stores, build their indexes, and return what is to be timed."""
    found = [Case("import typer", "", 0, PEER, folder), Case("--help", "", 0, (program, "--help"), folder)]
    stores = {size: folder / f"{size}.toml" for size in sizes}
    for size, store in stores.items():
        with store.open("wb") as out:
            subprocess.run((sys.executable, str(BENCH / "generate.py"), str(size)), stdout=out, check=True)
    time.sleep(SETTLE_SECONDS)
    for size, store in stores.items():
        asked = (program, "-f", str(store), "list", "-O", "plain", "--fields", "id")
        warm = {**environment, "XDG_CACHE_HOME": str(folder / "warm")}
        ids = subprocess.run(asked, env=warm, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
        for name, words in QUESTIONS.items():
            command = (program, "-f", str(store), *(ids[len(ids) // 2] if word == "ID" else word for word in words))
            found += [Case(name, state, size, command, folder / state) for state in ("warm", "cold")]
    return found


def report(found: Sequence[Case], sizes: Sequence[int], bare: Sequence[float], rounds: int) -> None:
    """Print the tables: what was measured, and what it was meant to be."""
    by = {case.key: case for case in found}
    print(f"Python {platform.python_version()}, Typer {version('typer')}, SQLite {sqlite3.sqlite_version},", end=" ")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; {rounds} rounds.", end=" ")
    print(f"`python -c pass` took {statistics.median(bare) * 1000:.1f} ms and counts as 1.\n")
    print(f"| median (quartiles) | | {' | '.join(f'{size:,}' for size in sizes)} |")
    print(f"|---|---|{'---|' * len(sizes)}")
    for name, shown in (("import typer", "python -c 'import typer'"), ("--help", "--help")):
        print(f"| `{shown}` | | {by[name, '', 0].shown()} |{' |' * (len(sizes) - 1)}")
    for name in QUESTIONS:
        for state in ("warm", "cold"):
            cells = " | ".join(by[name, state, size].shown() for size in sizes)
            print(f"| `{name}` | {state} | {cells} |")
    if not {30, 10_000} <= set(sizes):
        return
    peer, everything, year = by["import typer", "", 0].median(), "list -O plain", "list -p 2019 -n 20 -O plain"
    warm, cold = (by[everything, state, 30].median() / peer for state in ("warm", "cold"))
    growth = by[year, "warm", 10_000].median() / by[year, "warm", 30].median()
    print("\n| meant to be | at most | reached |\n|---|---|---|")
    print(f"| warm `{everything}` at 30, to `import typer` | 1.3 | {warm:.2f} |")
    print(f"| cold `{everything}` at 30, to `import typer` | 1.6 | {cold:.2f} |")
    print(f"| warm `{year}` at 10,000, to the same at 30 | 1.2 | {growth:.2f} |")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Time autotimeline against a bare start of Python.")
    parser.add_argument("--rounds", type=int, default=21, help="how often each command is timed")
    parser.add_argument("--sizes", default="30,1000,10000", help="how many events, separated by commas")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    program = shutil.which("autotimeline", path=str(Path(sys.executable).parent))
    if program is None:
        sys.exit(f"no autotimeline beside {sys.executable}: install it there (pip install -e .)")
    environment = clean()
    with tempfile.TemporaryDirectory() as folder:
        found = cases(program, sizes, Path(folder), environment)
        # The first round fills the caches of the system and writes the compiled files: it does not count.
        for case in found:
            case.measure(environment)
            case.ratios, case.spent = [], 0.0
        bare = [case.measure(environment) for _ in range(asked.rounds) for case in found]
    report(found, sizes, bare, asked.rounds)


if __name__ == "__main__":
    main()
