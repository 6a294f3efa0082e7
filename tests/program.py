"""The program as its users run it: in this process, in a process of its own, or on a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from asking import ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOP = Path(__file__).parent.parent
STORY = TOP / "facts.toml"
SCRIPTS = Path(sys.executable).parent
PROGRAM = [sys.executable, "-m", "autotimeline"]
# What would change an answer, were it set where the tests run.
_OWN = ("AUTOTIMELINE_FILE", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "LC_ALL", "PYTHONIOENCODING")


def environment(cache: Path, **more: str) -> dict[str, str]:
    """Return an environment with a cache of its own, and nothing set that bears on an answer."""
    kept = {name: value for name, value in os.environ.items() if name not in _OWN}
    return {**kept, "XDG_CACHE_HOME": str(cache), "LC_ALL": "C.UTF-8", **more}


def run(
    *arguments: str, cwd: Path, env: Mapping[str, str], stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in this process, with streams like those of a pipe: as quick as a call."""
    directory, variables, terminal_input = Path.cwd(), dict(os.environ), sys.stdin
    try:
        os.chdir(cwd)
        _set_environment(env)
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="utf-8")
        code, out, err = ask(*arguments)
    finally:
        sys.stdin = terminal_input
        _set_environment(variables)
        os.chdir(directory)
    return subprocess.CompletedProcess(arguments, code, out.encode(), err.encode())


def _set_environment(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def start(
    *arguments: str, cwd: Path, env: Mapping[str, str], stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own, off a terminal."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=cwd, env=env, capture_output=True, timeout=60, check=False, input=stdin or b""
    )


def bash(script: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script of bash in which `"$@"` is the program with these arguments."""
    command = ["bash", "-c", script, "bash", *PROGRAM, *arguments]
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=60, check=False, input=""
    )


def terminal(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], columns: int = 100, command: Sequence[str] = PROGRAM
) -> tuple[int, str]:
    """Run the program on a terminal of that width; return its exit code and all that the terminal was sent."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=cwd,
            env={"TERM": "xterm-256color", **env},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            close_fds=True,
        )
        os.close(theirs)
        sent = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            sent += part
        return process.wait(timeout=60), sent.decode().replace("\r\n", "\n")
    finally:
        os.close(ours)
