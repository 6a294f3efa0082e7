"""SQLite: a finished database, asked through its shell, through Python's own module, and through sqlite-utils."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools._sql import CREATE, INDEXES, questions
from tools._tool import CSV, Place, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILD = f"""
import csv, sqlite3, sys
base = sqlite3.connect(sys.argv[1])
base.execute({CREATE!r})
with open("events.csv", encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    next(rows)
    base.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
base.executescript({INDEXES!r})
"""
ASK = """
import csv, sqlite3, sys
csv.writer(sys.stdout).writerows(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]))
"""


class Shell(Tool):
    """The shell of SQLite."""

    name = "sqlite3"
    program = "sqlite3"
    debian = "sqlite3"
    form = CSV

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the import of the CSV."""
        return [(at.program, "shell.db", CREATE, ".import --csv --skip 1 events.csv events", INDEXES)]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        return {question: (at.program, "-csv", "shell.db", sql) for question, sql in questions().items()}


class Module(Tool):
    """Python's own sqlite3 and csv: the least that a program in Python can take."""

    name = "Python's sqlite3"
    program = "python"
    form = CSV

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the import of the CSV."""
        return [(at.program, "-c", BUILD, "module.db")]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        return {question: (at.program, "-c", ASK, "module.db", sql) for question, sql in questions().items()}


class Utils(Tool):
    """sqlite-utils."""

    name = "sqlite-utils"
    program = "sqlite-utils"
    index = "sqlite-utils"
    form = CSV

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the import of the CSV."""
        on = (at.program, "create-index", "utils.db", "events")
        insert = (at.program, "insert", "utils.db", "events", "events.csv", "--csv", "--pk", "id")
        return [insert, (*on, "date"), (*on, "actor", "date")]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        asked = (at.program, "query", "utils.db")
        return {question: (*asked, sql, "--csv", "--no-headers") for question, sql in questions().items()}


TOOLS = [Shell(), Module(), Utils()]
