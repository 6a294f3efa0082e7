"""Run one version of the program in this process, for `tests/golden.py`: a case per line of JSON in, its results out.

It knows nothing of the version but the module of its console script, whose `main` takes a command line.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import shutil
import sqlite3
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def load(checkout: Path) -> Callable[[list[str]], int]:
    """Return the function `main` of the module that the checkout's console script calls.

    Raises:
        SystemExit: if another installation of the program was imported instead.
    """
    with (checkout / "pyproject.toml").open("rb") as file:
        module = tomllib.load(file)["project"]["scripts"]["autotimeline"].partition(":")[0]
    loaded = importlib.import_module(module)
    if not Path(str(loaded.__file__)).resolve().is_relative_to(checkout.resolve()):
        sys.exit(f"{checkout}: imported {loaded.__file__} instead")
    entry: Callable[[list[str]], int] = loaded.main
    return entry


def run(entry: Callable[[list[str]], int], arguments: list[str], stdin: str) -> tuple[Any, str]:
    """Return the exit code, or the name of the exception that escaped, and standard output."""
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogateescape")), encoding="utf-8")
    out, sys.stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    sys.stdout = out
    try:
        code: Any = entry(arguments)
    except SystemExit as error:
        code = error.code
    except Exception as error:
        code = f"uncaught {type(error).__name__}"
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "surrogateescape")


def contents(directory: Path) -> dict[str, str]:
    """Return the text of each file below a directory; of a database, its dump."""
    return {str(path.relative_to(directory)): _text(path) for path in sorted(directory.rglob("*")) if path.is_file()}


def _text(path: Path) -> str:
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            return "\n".join(database.iterdump())
    return path.read_bytes().decode("utf-8", "surrogateescape")


def results(entry: Callable[[list[str]], int], case: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Run the commands of a case, those that write in a directory of their own; return a result for each."""
    directory = Path("stores")
    if case["writes"]:
        directory = Path("written", str(number))
        directory.mkdir(parents=True)
        for name, text in case["files"].items():
            (directory / name).parent.mkdir(exist_ok=True)
            (directory / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    root, found = Path.cwd(), []
    os.chdir(directory)
    try:
        before = contents(Path()) if case["writes"] else {}
        for arguments in case["commands"]:
            code, out = run(entry, arguments, case["stdin"])
            after = contents(Path()) if case["writes"] else {}
            names = sorted({*before, *after})
            changed = {name: after.get(name) for name in names if before.get(name) != after.get(name)}
            found.append({"exit code": code, "stdout": out.replace(str(root), "ROOT"), "files": changed})
            before = after
    finally:
        os.chdir(root)
    if case["writes"]:
        shutil.rmtree(directory)
    return found


def main() -> None:
    """Answer until standard input ends. Nothing that the program writes to file descriptor 1 gets into the answers."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    cases = os.fdopen(os.dup(0), encoding="utf-8")
    entry = load(Path(sys.argv[1]))
    for number, line in enumerate(cases):
        answers.write(json.dumps(results(entry, json.loads(line), number)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
