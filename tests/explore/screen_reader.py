"""The explorer on a terminal of its own, and a reader of its screen who waits for what is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pyte

import program

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from pathlib import Path

_SECONDS = 60

STORE = """\
[store]
format = 1

[source.first]
title = "First paper"
published = "2020-02-01"

[source.later]
title = "Later paper"
published = "2021-05-01"

[actor.argo]
name = "Argo"

[actor.nao]
name = "Nao"

[[event]]
id = "launch"
date = "2019-01"
title = "Argo is launched"
kind = "voyage"
actors = ["argo"]
sources = ["first"]

[[event]]
id = "storm"
date = "~2019-06"
title = "A storm delays Argo"
kind = "weather"
actors = ["argo"]
sources = ["first"]

[[event]]
id = "wreck"
date = "2020-03-01"
title = "Nao is wrecked"
kind = "voyage"
actors = ["nao"]
sources = ["later"]

[[event]]
id = "find"
date = "2022"
title = "The wreck is found"
kind = "discovery"
known = "2022-07-01"
"""
# Starts a command as a job of a shell: in a group of its own, which the terminal belongs to, and can be stopped.
_JOB = """
import os, signal, sys
job = os.fork()
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.setpgid(job, job)
os.tcsetpgrp(0, job or os.getpid())
if not job:
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
print("job", job, flush=True)
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(0, os.getpgrp())
    print("stopped", flush=True)
    sys.stdin.readline()
    os.tcsetpgrp(0, job)
    os.kill(job, signal.SIGCONT)
"""


class ScreenReader:
    """A command of the program on a terminal with a screen."""

    def __init__(
        self,
        *arguments: str,
        cwd: Path,
        columns: int = 80,
        rows: int = 24,
        program: tuple[str, ...] = tuple(program.PROGRAM),
        is_job: bool = False,
        **variables: str,
    ) -> None:
        self._terminal, theirs = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = b""
        self._set_size(columns, rows)
        self.attributes = termios.tcgetattr(theirs)
        job = (sys.executable, "-c", _JOB) if is_job else ()
        self.process = subprocess.Popen(
            [*job, *program, *arguments],
            cwd=cwd,
            env=environment(cwd, **variables),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # A key such as Ctrl-C goes to the session whose terminal it is.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._theirs = theirs

    def __enter__(self) -> ScreenReader:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._theirs)
        os.close(self._terminal)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, which signals it to the program."""
        self.screen.resize(rows, columns)
        self.screen.reset()
        self._set_size(columns, rows)

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def read(self, seconds: float = _SECONDS) -> bool:
        """Read what comes next; return whether anything does."""
        if not select.select([self._terminal], [], [], seconds)[0]:
            return False
        data = os.read(self._terminal, 65536)
        self.sent += data
        self._stream.feed(data)
        return True

    @property
    def lines(self) -> list[str]:
        """The rows of the screen without the spaces at their ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def current(self) -> str:
        """The title of the event at the cursor."""
        marked = [line for line in self.lines if line.startswith(("▸ ", "> "))]
        return marked[0].split("  ")[-1].strip() if marked else ""

    def until(self, *wanted: str | Callable[[], bool], without: str = "\0") -> str:
        """Read until the screen has all the texts and fulfills all the conditions; return its text."""
        while without in self.text or not all(w in self.text if isinstance(w, str) else w() for w in wanted):
            assert self.read(), f"{wanted} does not come, but\n{self.text}"
        return self.text

    def press(self, keys: str, *wanted: str | Callable[[], bool], without: str = "\0") -> str:
        """Type keys, and read until the screen is as wanted."""
        self.type(keys)
        return self.until(*wanted, without=without)

    def until_at(self, title: str) -> None:
        self.until(lambda: self.current == title)

    def until_sent(self, data: bytes) -> None:
        """Read until the terminal was sent these bytes."""
        while data not in self.sent:
            assert self.read(), f"{data!r} does not come, but {self.sent!r}"

    def end(self, keys: str = "") -> tuple[int, str]:
        """Type keys, and return the exit code and what is printed after the screen."""
        self.type(keys)
        deadline = time.monotonic() + _SECONDS
        while self.process.poll() is None:
            assert self.read(0.02) or time.monotonic() < deadline, f"the program does not end\n{self.text}"
        while self.read(0):
            pass
        return self.process.returncode, self.sent.rpartition(b"\x1b[?1049l")[2].decode().replace("\r\n", "\n")

    def assert_restored(self) -> None:
        """Assert that the modes of the terminal and its screen are those from before."""
        assert termios.tcgetattr(self._theirs) == self.attributes
        for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?7l", b"\x1b[?7h")):
            assert self.sent.rfind(off) > self.sent.rfind(on), off

    def job(self) -> int:
        """Return the number of the process that is the job."""
        self.until_sent(b"job ")
        while b"\n" not in (rest := self.sent.partition(b"job ")[2]):
            self.read()
        return int(rest.split()[0])

    def kill(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)


def environment(directory: Path, **variables: str) -> dict[str, str]:
    """Return an environment in which an answer does not depend on the machine."""
    return program.environment(directory / "cache", **{"TERM": "xterm-256color", **variables})
