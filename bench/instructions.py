"""Count the instructions of a warm question beside those of a bare start of Python, and fail where it has too many.

python bench/instructions.py

Counts repeat where times do not: this guards the start-up on any machine. It needs valgrind.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import PASS, clean

STORY = Path(__file__).parent.parent / "facts.toml"
# The script that pip writes is left aside: that of some versions imports `re`, which adds 0.41 bare starts.
QUESTION = (
    "-c",
    "import sys; from autotimeline.cli import main; sys.exit(main())",
    "-f",
    str(STORY),
    "list",
    "-O",
    "plain",
)
# It is 2.03 on Python 3.11: one more import, or a checksum that costs more than CRC-32, exceeds the limit.
LIMIT = 2.05


def count(command: tuple[str, ...], cache: str) -> int:
    """Return how many instructions a command takes."""
    environment = clean({"PYTHONHASHSEED": "0", "XDG_CACHE_HOME": cache})
    under = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, *command)
    done = subprocess.run(under, env=environment, capture_output=True, encoding="utf-8", check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        sys.exit(f"{' '.join(under)} ended with {done.returncode}:\n{done.stderr}")
    return int(found[1])


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
    ratio = warm / bare
    print(f"python -c pass {bare:,}; a warm list {warm:,} instructions: {ratio:.3f}, at most {asked.limit:g}")
    sys.exit(ratio > asked.limit)


if __name__ == "__main__":
    main()
