"""What a tool is: how it keeps the events, how it is asked, and how its answers are read."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from feed import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# Where `--install` puts what the package index has; nothing of it goes into the environment of autotimeline.
ENVIRONMENT = Path(__file__).parent.parent / ".venv"
# What a package brings is asked without the script in Python that starts it.
PLACES = ("lib/python*/site-packages/*_cli", "bin")


class Form(NamedTuple):
    """A file in which events are kept: its name, what it begins with for so many events, and the text of one."""

    file: str
    head: Callable[[int], str]
    text: Callable[[Event], str]


class Place(NamedTuple):
    """Where a tool is asked: its program, and a folder that holds its files and is its working directory."""

    program: str
    folder: Path


class Tool:
    """One tool, which a subclass describes.

    Attributes:
        name: What the tables call it.
        program: The command; looked for beside Python, in the environment of the tools and on the `PATH`.
        debian: The Debian package that has it, or "".
        index: What the package index has of it, or "".
        form: The file that is written before it is asked.
        remark: What the table has to tell of its answers, or "".
    """

    name: str
    program: str
    debian = ""
    index = ""
    form: Form
    remark = ""

    def find(self) -> str | None:
        """Return the path of the program, or None where it is not there."""
        if self.program == "python":
            return sys.executable
        folders = [Path(sys.executable).parent, *(folder for place in PLACES for folder in ENVIRONMENT.glob(place))]
        path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
        return shutil.which(self.program, path=path)

    def environment(self, at: Place) -> Mapping[str, str]:
        """Return what its processes need in their environment."""
        return {}

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return the commands that a user runs once, before the first question."""
        return ()

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the command of each question of `feed.QUESTIONS`."""
        raise NotImplementedError

    def rows(self, question: str, text: str) -> Iterable[Sequence[str]]:
        """Return the rows of an answer: as CSV without a header, unless the tool has another form."""
        return csv.reader(io.StringIO(text, newline=""))


def fixed(text: str = "") -> Callable[[int], str]:
    """Return the beginning of a form that is the same for any number of events."""
    return lambda size: text


def line(cells: Iterable[str]) -> str:
    """Return cells as a line of CSV; csv.writer wants a file for it."""
    return ",".join(f'"{cell}"' if re.search(r'[",\n]', cell) else cell for cell in cells) + "\n"


def tabbed(text: str) -> Iterable[Sequence[str]]:
    """Return the rows of lines whose cells are parted by tabs."""
    return (row.split("\t") for row in text.splitlines())


def counted(text: str) -> Iterable[Sequence[str]]:
    """Return year and count of what `uniq -c` says."""
    return (tuple(reversed(row.split())) for row in text.splitlines())


CSV = Form("events.csv", fixed(line(Event._fields)), line)
