"""autotimeline beside other tools: the same events, the same questions, the same answers, and what each takes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import feed
import tools
from timing import PASS, SETTLE_SECONDS, Case, clean, number, say, seconds, table, take_turns
from tools._tool import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tools._tool import Tool

SIZES = (100, 10_000, 100_000, 1_000_000)
# A tool one of whose answers took longer is not asked at a larger size.
LIMIT_SECONDS = 60.0
# What all stores and databases of an event take together, with room to breathe.
BYTES_PER_EVENT = 8_000
IMPORT = "first read or import"
# Question, tool, size.
Key = tuple[str, str, int]


class Run:
    """What was found: a cell for each tool, size and question, and the words below the tables."""

    def __init__(self, names: Sequence[str]) -> None:
        known = tools.load()
        wrong = [name for name in names if name not in known]
        if wrong:
            sys.exit(f"no tool {wrong[0]!r}; there are: {', '.join(known)}")
        self.tools = [known[name] for name in names or known]
        self.programs = {tool.name: program for tool in self.tools if (program := tool.find())}
        self.cells: dict[Key, str] = {}
        self.remarks = [f"{tool.name}: {tool.remark}." for tool in self.tools if tool.remark]
        self.remarks += [f"{tool.name} is not there." for tool in self.tools if tool.name not in self.programs]
        self.tools = [tool for tool in self.tools if tool.name in self.programs]
        self.slow: set[str] = set()
        self.agree = True

    def at(self, size: int, rounds: int, folder: Path) -> None:
        """Have each tool read so many events, compare the answers, and time the questions."""
        if shutil.disk_usage(folder).free < size * BYTES_PER_EVENT:
            self.remarks.append(
                f"{size:,} events: left out, for want of {size * BYTES_PER_EVENT / 1e9:.0f} GB of disk."
            )
            return
        cases = self.agreed(size, folder)
        say(f"{size:,} events: the rounds")
        take_turns(list(cases.values()), rounds)
        self.cells |= {key: case.shown() for key, case in cases.items()}

    def agreed(self, size: int, folder: Path) -> dict[Key, Case]:
        """Write the events, have each tool read them, and return the questions to which it has the right answer."""
        asked = [tool for tool in self.tools if tool.name not in self.slow]
        write(asked, size, folder)
        time.sleep(SETTLE_SECONDS)
        wanted = feed.answers(feed.events(size))
        cases: dict[Key, Case] = {}
        for tool in asked:
            say(f"{size:,} events: {tool.name}")
            place = Place(self.programs[tool.name], folder)
            environment = clean(tool.environment(place))
            if not self.load(tool, place, size, environment):
                continue
            for question, command in tool.ask(place).items():
                case = Case(command, environment, folder)
                if word := self.check(tool, question, case, wanted[question]):
                    self.cells[question, tool.name, size] = word
                else:
                    cases[question, tool.name, size] = case
        return cases

    def load(self, tool: Tool, place: Place, size: int, environment: dict[str, str]) -> bool:
        """Have a tool read what it reads once, and return whether it could."""
        commands = tool.load(place)
        bare = seconds(PASS, clean())
        try:
            took = sum(seconds(command, environment, place.folder) for command in commands)
        except subprocess.CalledProcessError as error:
            self.agree = False
            self.remarks.append(f"{tool.name} did not read {size:,} events ({error}).")
            return False
        self.cells[IMPORT, tool.name, size] = number(took / bare) if commands else ""
        return True

    def check(self, tool: Tool, question: str, case: Case, wanted: Sequence[tuple[str, ...]]) -> str:
        """Return why an answer is not timed, or ""."""
        start = time.perf_counter()
        done = subprocess.run(case.command, env=case.environment, cwd=case.folder, capture_output=True, check=False)
        if time.perf_counter() - start > LIMIT_SECONDS:
            self.slow.add(tool.name)
        if done.returncode:
            words = done.stderr.decode(errors="replace").splitlines() or ["without a word"]
            self.remarks.append(f"{tool.name}, {question}: exit code {done.returncode}, {words[-1]}.")
            if done.returncode == 2:  # so programs say that they do not know what they are asked
                return "not there"
            self.agree = False
            return "failed"
        try:
            found = [tuple(row) for row in tool.rows(question, done.stdout.decode())]
        except (ArithmeticError, LookupError, ValueError) as error:
            found = [(f"cannot be read: {error!r}",)]
        if question == feed.QUESTIONS[-1]:
            found.sort()  # in which order everything is written is each tool's own
        if found == wanted:
            return ""
        self.agree = False
        odd = next((pair for pair in zip(found, wanted) if pair[0] != pair[1]), None)  # noqa: B905  # the shorter ends it
        self.remarks.append(f"{tool.name}, {question}: {len(found):,} rows instead of {len(wanted):,}; {odd}.")
        return "differs"

    def report(self, sizes: Sequence[int]) -> None:
        """Print a table for each question and one of the imports, the versions, and the remarks."""
        shown = [f"{size:,}" for size in sizes]
        for question in (*feed.QUESTIONS, IMPORT):
            rows = {tool.name: [self.cell(question, tool.name, size) for size in sizes] for tool in self.tools}
            table(question, shown, {name: cells for name, cells in rows.items() if any(cells)})
        print("\nVersions:", "; ".join(self.version(tool) for tool in self.tools) + ".")
        for remark in dict.fromkeys(self.remarks):
            print(f"- {remark}")

    def cell(self, question: str, name: str, size: int) -> str:
        """Return a cell, or why there is none."""
        missing = "" if question == IMPORT or name not in self.slow else f"over {LIMIT_SECONDS:.0f} s before"
        return self.cells.get((question, name, size), missing)

    def version(self, tool: Tool) -> str:
        """Return a tool's name and version."""
        command = (self.programs[tool.name], "--version")
        said = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=clean())
        words = [word.strip(",()v") for word in said.stdout.replace("-", " ").split()]
        return f"{tool.name} {next((word for word in words if word[:1].isdigit()), '')}".strip()


def write(asked: Sequence[Tool], size: int, folder: Path) -> None:
    """Write the events once in each form that a tool reads, all of them in one go."""
    forms = {tool.form.file: tool.form for tool in asked}
    with ExitStack() as stack:
        files = [
            (stack.enter_context((folder / file).open("w", encoding="utf-8", newline="\n")), form)
            for file, form in forms.items()
        ]
        for file, form in files:
            file.write(form.head(size))
        for event in feed.events(size):
            for file, form in files:
                file.write(form.text(event))


def measure(sizes: Sequence[int], names: Sequence[str], rounds: int, folder: Path) -> bool:
    """Measure and print; return whether all answers were the same."""
    run = Run(names)
    try:
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            run.at(size, rounds, place)
            shutil.rmtree(place)
    finally:  # who interrupts it after an hour wants what there is
        run.report(sizes)
    return run.agree
