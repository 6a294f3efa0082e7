"""autotimeline by itself, on a realistic store: what it takes warm, cold and after an edit, and its memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import generate
from timing import SETTLE_SECONDS, Case, clean, number, say, seconds, table, take_turns
from tools.autotimeline import Autotimeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIZES = (30, 10_000, 100_000, 1_000_000)
# Up to these sizes: the largest store that is edited and first indexed, and those read anew for each answer.
EDITED_AT, COLD_AT = 100_000, 10_000
PLAIN = ("-O", "plain")
EVERYTHING = ("list", *PLAIN)
LATEST = ("list", "-r", "-n", "20", *PLAIN)
COLD = "everything, plain, cold"
# Whose memory is measured; the first of them reads the store.
PEAKS = {"a first index": LATEST, "everything, plain": EVERYTHING}
PEER = (sys.executable, "-c", "import typer")
LOADS = "import sys, tomllib; tomllib.loads(open(sys.argv[1], encoding='utf-8').read())"
# What a process begins with counts as its peak, and that is its parent's: a small one has to start it.
PEAK = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


# What is measured, at which size.
Key = tuple[str, int]


class Question(NamedTuple):
    """What is asked of a warm index, and the ratios that are meant, by size."""

    words: Sequence[str]
    meant: dict[int, float]


SHORT = {30: 2.4, 10_000: 2.4, 100_000: 2.4, 1_000_000: 2.6}
WARM = {
    "by id": Question(("show", "ID", *PLAIN), SHORT),
    "latest 20": Question(LATEST, SHORT),
    "count by year": Question(("count", "--by", "year", *PLAIN), SHORT),
    "a year's list": Question(("list", "-p", "2019", *PLAIN), {30: 2.4, 10_000: 2.6, 100_000: 3.4, 1_000_000: 12}),
    "actor and word": Question(
        ("list", f"actor:{generate.actor(0)[0]}", "tariffs", *PLAIN), {30: 2.4, 10_000: 2.6, 100_000: 3, 1_000_000: 8}
    ),
    "everything as CSV": Question(("list", "-O", "csv"), {30: 2.4, 10_000: 6, 100_000: 30}),
    "count by year, of deals": Question(("count", "--by", "year", "kind:deal", *PLAIN), {}),
    "count by kind": Question(("count", "--by", "kind", *PLAIN), {}),
    "count by year and kind": Question(("count", "--by", "year,kind", *PLAIN), {}),
    "a chart, drawn": Question(("chart", "-O", "table"), {}),
    "everything, plain": Question(EVERYTHING, {}),
    "20 of a year": Question(("list", "-p", "2019", "-n", "20", *PLAIN), {}),
    "the timeline": Question(("timeline",), {}),
}


# How much dearer a question may be of 10,000 events than of 30.
GROWTH = {
    "20 of a year": "1.2",
    "count by year": "1.5",
    "count by year, of deals": "1.5",
    "count by kind": "1.5",
    "count by year and kind": "1.5",
    "a chart, drawn": "1.5",
}


class Store:
    """A generated store with a cache folder for its warm index, and one that is thrown away before each question."""

    def __init__(self, program: str, size: int, folder: Path) -> None:
        self.program, self.size = program, size
        self.file, self.cold = folder / f"{size}.toml", folder / "cold"
        self.warm = clean({"XDG_CACHE_HOME": str(folder / "warm")})
        with self.file.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(generate.text(header, keys) for header, keys in generate.blocks(size))
        time.sleep(SETTLE_SECONDS)

    def command(self, words: Sequence[str]) -> Sequence[str]:
        """Return a command about this store."""
        return (self.program, "-f", str(self.file), *words)

    def peak(self, words: Sequence[str]) -> float:
        """Return the most memory that a command has held, in MB."""
        command = (sys.executable, "-c", PEAK, *self.command(words))
        return int(subprocess.run(command, env=self.warm, capture_output=True, check=True).stdout) * 1024 / 1e6

    def questions(self) -> dict[str, Case | str]:
        """Return the case of each question, asked once, or why it is not timed."""
        first = self.command(("list", "-n", "1", *PLAIN, "--fields", "id"))
        id = subprocess.run(first, env=self.warm, capture_output=True, encoding="utf-8", check=True).stdout.strip()
        found: dict[str, Case | str] = {}
        for name, question in WARM.items():
            command = self.command([id if word == "ID" else word for word in question.words])
            done = subprocess.run(
                command, env=self.warm, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
            )
            found[name] = "not there" if done.returncode == 2 else Case(command, self.warm)
        return found

    def anew(self, words: Sequence[str]) -> Case:
        """Return the case of a question that has to read the store and build its index first."""
        environment = clean({"XDG_CACHE_HOME": str(self.cold)})
        return Case(self.command(words), environment, before=lambda: shutil.rmtree(self.cold, ignore_errors=True))

    def edited(self) -> Case:
        """Return the case of a question just after one title in the middle of the file has changed."""
        texts = [self.file.read_bytes()]
        middle = texts[0].index(b'title   = "', len(texts[0]) // 2) + len(b'title   = "')
        texts.append(texts[0][:middle] + b"Once more: " + texts[0][middle:])

        def edit() -> None:
            texts.reverse()
            self.file.write_bytes(texts[0])

        edit()
        asked = self.command(("list", "title:Once-more", "-e"))
        subprocess.run(asked, env=self.warm, stdout=subprocess.DEVNULL, check=True)  # what is timed has to see the edit
        return Case(self.command(LATEST), self.warm, before=edit)


def alone(program: str, rounds: int) -> dict[str, Case]:
    """Measure what asks no store."""
    cases = {
        "`python -c 'import typer'`": Case(PEER, clean()),
        "`--help`": Case((program, "--help"), clean()),
        "a wrong option": Case((program, "list", "--no-such-option"), clean(), code=2),
    }
    for case in cases.values():  # once for the compiled files and the caches of the system
        seconds(case.command, case.environment, code=case.code)
    take_turns(list(cases.values()), rounds)
    rows = {name: [case.shown(), "" if name.startswith("`python") else "8"] for name, case in cases.items()}
    table("without a store", ("", "at most"), rows)
    return cases


def measure(sizes: Sequence[int], rounds: int, folder: Path) -> None:
    """Measure and print."""
    program = Autotimeline().find()
    if program is None:
        sys.exit(f"no autotimeline beside {sys.executable}: install it there (pip install -e .)")
    typer = alone(program, rounds)["`python -c 'import typer'`"]
    found: dict[Key, Case | str] = {}
    peaks: dict[Key, str] = {}
    waits: dict[str, Sequence[str]] = {}
    edited = max((size for size in sizes if size <= EDITED_AT), default=0)
    try:
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            say(f"{size:,} events: autotimeline by itself")
            store = Store(program, size, place)
            peaks |= {(name, size): f"{store.peak(words):.0f}" for name, words in PEAKS.items()}
            asked = store.questions()
            if size <= COLD_AT:
                asked[COLD] = store.anew(EVERYTHING)
            take_turns([case for case in asked.values() if isinstance(case, Case)], rounds)
            found |= {(name, size): case for name, case in asked.items()}
            if size == edited:
                waits = after(store, rounds)
            shutil.rmtree(place)
    finally:  # who interrupts it after an hour wants what there is
        report(sizes, found, peaks)
        table("what a user waits for", ("events", "", "at most"), waits)
        promised(found, typer)


def after(store: Store, rounds: int) -> dict[str, Sequence[str]]:
    """Return the rows that tell what one edit costs, and a first index beside one reading of the same file."""
    index, loads = store.anew(LATEST), Case((sys.executable, "-c", LOADS, str(store.file)), clean())
    take_turns([index, loads], rounds)
    edit = store.edited()
    take_turns([edit], rounds)
    size, share = f"{store.size:,}", index.median() / loads.median()
    return {
        "latest 20 after one edit by hand": (size, edit.shown(), "12"),
        "a first index": (size, index.shown(), ""),
        "`tomllib.loads` of the same file": (size, loads.shown(), ""),
        "a first index to `tomllib.loads`": (size, number(share), "0.5"),
    }


def report(sizes: Sequence[int], found: dict[Key, Case | str], peaks: dict[Key, str]) -> None:
    """Print what was measured of every store, beside what was meant."""

    def cell(name: str, size: int) -> str:
        case = found.get((name, size), "")
        if isinstance(case, str):
            return case
        meant = WARM[name].meant.get(size) if name in WARM else None
        return case.shown() + (f" of {meant:g}" if meant else "")

    shown = [f"{size:,}" for size in sizes]
    table("a store of so many events", shown, {name: [cell(name, size) for size in sizes] for name in (*WARM, COLD)})
    rows = {name: [peaks.get((name, size), "") for size in sizes] for name in PEAKS}
    table("most memory, in MB; at 1,000,000 at most 300", shown, rows)


def promised(found: dict[Key, Case | str], typer: Case) -> None:
    """Print the ratios between two measurements that are meant to hold, where both were taken."""
    pairs = (
        ("everything, plain, at 30, to `import typer`", found.get(("everything, plain", 30)), typer, "1.3"),
        (f"{COLD}, at 30, to `import typer`", found.get((COLD, 30)), typer, "1.6"),
        *(
            (f"{name}, at 10,000, to that at 30", found.get((name, 10_000)), found.get((name, 30)), most)
            for name, most in GROWTH.items()
        ),
    )
    rows = {
        name: (number(one.median() / other.median()), most)
        for name, one, other, most in pairs
        if isinstance(one, Case) and isinstance(other, Case)
    }
    table("one to another", ("", "at most"), rows)
