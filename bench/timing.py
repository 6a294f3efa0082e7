"""Whole processes timed as ratios to a bare start of Python, which is timed anew just before each of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PASS = (sys.executable, "-c", "pass")
# A case that has taken so long in all, and was measured at least so often, is left out of the rounds to come.
ENOUGH_SECONDS, ENOUGH_ROUNDS = 10.0, 3
# A file that changed within the last two seconds is never trusted by its `stat`: autotimeline's stores have to settle.
SETTLE_SECONDS = 2.5
# Every bare start, of which the median is told.
BARE: list[float] = []


def clean(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without what steers Python or the program, and with more: compiled files are used."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AUTOTIMELINE"))}
    return {**kept, "LC_ALL": "C.UTF-8", **(more or {})}


def seconds(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None, code: int = 0) -> float:
    """Run a command to its end, read its output and throw it away, and return how long that took.

    Raises:
        subprocess.CalledProcessError: it ended with another exit code.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as process:
        while process.stdout.read(65536):  # type: ignore[union-attr]  # it is a pipe
            pass
    took = time.perf_counter() - start
    if process.returncode != code:
        raise subprocess.CalledProcessError(process.returncode, command)
    return took


class Case:
    """A command to time, where and how it is run, what has to happen before each run, and the ratios found."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path | None = None,
        *,
        before: Callable[[], object] = lambda: None,
        code: int = 0,
    ) -> None:
        self.command, self.environment, self.folder = command, environment, folder
        self.before, self.code = before, code
        self.spent = 0.0
        self.ratios: list[float] = []

    def measure(self) -> None:
        """Time it once beside a bare start, unless it has had enough."""
        if self.spent > ENOUGH_SECONDS and len(self.ratios) >= ENOUGH_ROUNDS:
            return
        self.before()
        bare = seconds(PASS, clean())
        took = seconds(self.command, self.environment, self.folder, self.code)
        BARE.append(bare)
        self.spent += took
        self.ratios.append(took / bare)

    def median(self) -> float:
        """Return the median of the ratios."""
        return statistics.median(self.ratios)

    def shown(self) -> str:
        """Return the median, and the quartiles where there are enough rounds for them."""
        if len(self.ratios) < 2:
            return number(self.median())
        low, _, high = statistics.quantiles(self.ratios, n=4, method="inclusive")
        return f"{number(self.median())} ({number(low)}–{number(high)})"


def number(ratio: float) -> str:
    """Return a ratio with two or three digits that count."""
    return f"{ratio:,.{2 if ratio < 10 else 1 if ratio < 100 else 0}f}"


def take_turns(cases: Sequence[Case], rounds: int) -> None:
    """Measure all of them, round by round."""
    for _ in range(rounds):
        for case in cases:
            case.measure()


def say(words: str) -> None:
    """Tell on stderr how far it is: all of it takes hours."""
    print(time.strftime("%H:%M:%S"), words, file=sys.stderr)


def table(corner: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
    """Print a table in markdown: of each row its name and its cells."""
    print(f"\n| {corner} | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
