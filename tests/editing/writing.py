"""What the tests of writing share: small stores, and processes in which something goes wrong at a chosen step."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import subprocess
import tempfile
import termios
from pathlib import Path

import program

STORE = """\
[store]
format = 1
title  = "Ships"

# Where it is from.
[source.log]
title     = "The log"
published = "2024-02"

[actor.argo]   # a ship
name = "Argo"

[actor.nao]
name    = "Nao"
part_of = ["argo"]

[alias]
sailed = "actor:argo not kind:wreck"

# The first of them.
[[event]]
id      = "launch"
date    = "2023-01"     # in winter
title   = "Argo is launched"
actors  = { ship = "argo" }
tags    = ["sea",  "first"]
sources = ["log"]
links   = { leads-to = ["wreck"] }

[[event]]
id    = "wreck"
date  = "2024"
title = "Nao is wrecked"
actors = ["nao", "argo"]
figures.loss = { value = "~2m EUR", of = "argo" }  # of the owners
"""

# Runs a command line; the process ends itself, as `kill -9` does, before the step of which number it is told.
_KILLED = """
import os, signal, sys
left = int(sys.argv[1])
def step(call):
    def counted(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return counted
for name in ("open", "fchown", "fchmod", "fsync", "replace", "unlink"):
    setattr(os, name, step(getattr(os, name)))
from autotimeline.cli import main
sys.exit(main(sys.argv[2:]))
"""
# Runs a command line; somebody who knows of no lock adds a line to the store while it is written, so many times.
_OVERTAKEN = """
import os, sys
times, path = int(sys.argv[1]), sys.argv[2]
sync = os.fsync
def fsync(handle):
    global times
    if times > 0:
        times -= 1
        with open(path, "a") as file:
            file.write("# by hand\\n")
    sync(handle)
os.fsync = fsync
from autotimeline.cli import main
sys.exit(main(sys.argv[3:]))
"""
# Runs a command line as another user, who may have no way to where Python lies: all is loaded before.
_STRANGER = """
import os, sys
os.setgroups([])
os.setresgid(*[int(sys.argv[1])] * 3)
os.setresuid(*[int(sys.argv[1])] * 3)
from autotimeline.cli import main
sys.exit(main(sys.argv[2:]))
"""


def _python(code: str, *arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        ended = program.fork(code, arguments, cwd, env, (os.devnull, str(out), str(err)))
        return subprocess.CompletedProcess(arguments, ended, out.read_text("utf-8"), err.read_text("utf-8"))


def killed(step: int, *arguments: str, cwd: Path, env: dict[str, str], code: int = 0) -> bool:
    """Run the program, killed before that step (from 1), or until it ends with a code; return whether it was killed."""
    done = _python(_KILLED, str(step), *arguments, cwd=cwd, env=env)
    assert done.returncode in (code, -9), done.stderr
    return done.returncode == -9


def overtaken(times: int, path: str, *arguments: str, cwd: Path, env: dict[str, str]):
    """Run the program while somebody without a lock writes the store so many times."""
    return _python(_OVERTAKEN, str(times), path, *arguments, cwd=cwd, env=env)


def as_user(number: int, *arguments: str, cwd: Path, env: dict[str, str]) -> tuple[int, str, str]:
    """Run the program as root can: as somebody else, of a group of their own."""
    done = _python(_STRANGER, str(number), *arguments, cwd=cwd, env=env)
    return done.returncode, done.stdout, done.stderr


def run(*arguments: str | bytes, cwd: Path, env: dict[str, str], **how) -> tuple[int, str, str]:
    """Run the program in a process of its own, off a terminal; return (exit code, stdout, stderr)."""
    done = subprocess.run(
        [*program.PROGRAM, *arguments], cwd=cwd, env=env, capture_output=True, timeout=60, check=False, input=b"", **how
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def hidden(folder: Path) -> list[str]:
    """Return the files that a writer has left beside a store."""
    return sorted(name for name in os.listdir(folder) if name.startswith("."))


class Terminal:
    """The program on a terminal of its own, with a person before it who reads and types."""

    def __init__(self, *arguments: str, cwd: Path, env: dict[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*program.PROGRAM, *arguments],
            cwd=cwd,
            env={"TERM": "dumb", "COLUMNS": "200", **env},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # What the keys of a terminal interrupt is the session whose terminal it is.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.sent = ""

    def until(self, text: str) -> str:
        """Read until the terminal is sent that text, and return what it was sent up to there."""
        while text not in self.sent:
            assert self._read(), f"{text!r} does not come, but {self.sent!r}"
        before, _, self.sent = self.sent.partition(text)
        return before

    def type(self, text: str) -> None:
        """Type keys."""
        os.write(self._ours, text.encode())

    def answer(self, question: str, text: str = "") -> str:
        """Wait for a question, and answer it; return what it was sent before."""
        before = self.until(question)
        self.type(f"{text}\n")
        return before

    def end(self) -> tuple[int, str]:
        """Return the exit code, and what it was sent in the end."""
        while self._read():
            pass
        return self.process.wait(timeout=30), self.sent

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C, again where Python was just about to wait for a key, and missed it; then as `end`."""
        for _ in range(10):
            self.type("\x03")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=2)
                break
        return self.end()

    def hang_up(self) -> int:
        """Close the terminal, and return the exit code."""
        os.close(self._ours)
        return self.process.wait(timeout=30)

    def _read(self) -> bool:
        """Read what comes next; return whether anything does."""
        # Not select(): a process of many tests may have more files open than it can tell of.
        waiting = select.poll()
        waiting.register(self._ours, select.POLLIN)
        ready = waiting.poll(20_000)
        assert ready, f"it waits, having said {self.sent!r}"
        try:
            part = os.read(self._ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            return False
        sent = self._decoder.decode(part)
        self.sent = re.sub(r"\x1b\[\?2004[hl]", "", self.sent + sent).replace("\r\n", "\n")
        return bool(part)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            os.close(self._ours)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
