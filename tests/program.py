"""The program as its users run it: in this process, in a process of its own, or on a terminal."""

from __future__ import annotations

import atexit
import functools
import io
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
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


# Loads the program, and runs each script that it reads in a fork of itself, which costs a tenth of a start.
_SERVER = """
import contextlib, importlib, json, os, pkgutil, signal, sys
import autotimeline, tomlkit, tomllib, tomli_w, difflib, decimal, typer
for module in pkgutil.walk_packages(autotimeline.__path__, "autotimeline."):
    if not module.name.endswith("__main__"):
        with contextlib.suppress(ModuleNotFoundError):  # an engine without its packages
            importlib.import_module(module.name)
for line in sys.stdin:
    code, arguments, directory, variables, streams = json.loads(line)
    child = os.fork()
    if not child:
        for number, name in enumerate(streams):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOCTTY), number)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", 1)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(variables)
        sys.argv = ["-c", *arguments]
        signal.alarm(60)
        exec(code)
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
RUN = "import sys; from autotimeline.cli import main; sys.exit(main(sys.argv[1:]))"


@functools.cache
def _server() -> subprocess.Popen[str]:
    folder = tempfile.mkdtemp()
    command, env = [sys.executable, "-c", _SERVER], environment(Path(folder))
    server = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder)

    atexit.register(end)
    return server


def _ask_server(*request: object) -> subprocess.Popen[str]:
    server = _server()
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return server


def fork(code: str, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[str]) -> int:
    """Run a script in a process that has loaded the program, with these files as streams; return its exit code."""
    return int(_ask_server(code, arguments, str(cwd), env, streams).stdout.readline())


def forked_terminal(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], columns: int = 100) -> str:
    """Run the program on a terminal, in a process that has loaded it; return all that the terminal was sent."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        name = os.ttyname(theirs)
        variables = {"TERM": "xterm-256color", **env}
        server = _ask_server(RUN, arguments, str(cwd), variables, (os.devnull, name, name))
        waiting = select.poll()
        waiting.register(ours, select.POLLIN)
        waiting.register(server.stdout, select.POLLIN)
        sent, ended = b"", False
        while not ended or waiting.poll(0):
            ready = {number for number, _ in waiting.poll()}
            if ours in ready:
                sent += os.read(ours, 65536)
            elif not ended:
                server.stdout.readline()
                waiting.unregister(server.stdout)
                ended = True
        return sent.decode().replace("\r\n", "\n")
    finally:
        os.close(theirs)
        os.close(ours)


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
