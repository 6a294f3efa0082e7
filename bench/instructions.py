"""Count the instructions of a warm question beside those of a bare start of Python, and fail where it has too many.

The first screen of the explorer is counted beside a list on a terminal.

python bench/instructions.py

Counts repeat where times do not: this guards the start-up on any machine. It needs valgrind.
"""

from __future__ import annotations

import argparse
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import PASS, clean

STORY = Path(__file__).parent.parent / "facts.toml"
# The script that pip writes is left aside: that of some versions imports `re`, which adds 0.41 bare starts.
PROGRAM = ("-c", "from autotimeline.cli import run_program; run_program()", "-f", str(STORY))
QUESTION = (*PROGRAM, "list", "-O", "plain")
# It is 1.95 on Python 3.11; 5% more is a few imports.
LIMIT = 2.04
# The first screen of the explorer is 1.18 lists on a terminal.
EXPLORER_LIMIT = 1.5
_VALGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def count(command: tuple[str, ...], cache: str) -> int:
    """Return how many instructions a command takes."""
    under = (*_VALGRIND, sys.executable, *command)
    done = subprocess.run(under, env=_environment(cache), capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(under)} ended with {done.returncode}:\n{done.stderr}")
    return _collected(done.stderr)


def count_on_terminal(command: tuple[str, ...], cache: str, keys: bytes = b"") -> int:
    """Return how many instructions a command takes on a terminal where these keys were typed before it started."""
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, keys)
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as log:
        under = (*_VALGRIND, f"--log-file={log.name}", sys.executable, *command)
        environment = {**_environment(cache), "TERM": "xterm-256color"}
        process = subprocess.Popen(under, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
        shown = b""
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.1)[0]:
                shown += os.read(ours, 65536)
        if process.returncode or b"leapmotor" not in shown.lower():
            sys.exit(f"{' '.join(under)} ended with {process.returncode}:\n{shown.decode()}")
        return _collected(log.read())


def _environment(cache: str) -> dict[str, str]:
    return clean({"PYTHONHASHSEED": "0", "XDG_CACHE_HOME": cache})


def _collected(report: str) -> int:
    found = re.search(r"Collected : (\d+)", report)
    return int(found[1]) if found else sys.exit(f"valgrind counted nothing:\n{report}")


def main() -> None:
    """Count, print, and exit with 1 where the ratio is above the limit."""
    parser = argparse.ArgumentParser(
        description="Count the instructions of a warm `list -O plain` on the shipped store."
    )
    parser.add_argument("--limit", type=float, default=LIMIT, help="so many bare starts are too many")
    asked = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("no valgrind here, and nothing else counts instructions")
    with tempfile.TemporaryDirectory() as cache:
        # The first run builds the index, and writes the compiled files.
        first = (sys.executable, *QUESTION)
        subprocess.run(first, env=clean({"XDG_CACHE_HOME": cache}), stdout=subprocess.DEVNULL, check=True)
        bare, warm = count(PASS[1:], cache), count(QUESTION, cache)
        listed = count_on_terminal((*PROGRAM, "list"), cache)
        explored = count_on_terminal((*PROGRAM, "explore"), cache, b"q")
    ratio, screens = warm / bare, explored / listed
    print(f"python -c pass {bare:,}; a warm list {warm:,} instructions: {ratio:.3f}, at most {asked.limit:g}")
    print(f"a list on a terminal {listed:,}; the explorer {explored:,}: {screens:.3f}, at most {EXPLORER_LIMIT:g}")
    sys.exit(ratio > asked.limit or screens > EXPLORER_LIMIT)


if __name__ == "__main__":
    main()
