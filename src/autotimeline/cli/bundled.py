"""The files that come with the program: the story, the schema of its store, and the completion scripts."""

from __future__ import annotations

import os


def read_bundled(name: str) -> str:
    """Return the text of `facts.toml` or `facts.schema.json`.

    An installed package carries both; in a checkout they stand at the top.
    """
    package = os.path.dirname(os.path.dirname(__file__))
    checkout = os.path.dirname(os.path.dirname(package))
    for directory in (os.path.join(package, "shipped"), checkout):
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8", newline="") as file:
                return file.read()
    raise FileNotFoundError(name)


def completion_script(shell: str) -> str:
    """Return the script that completes our command lines in a shell of `options.SHELLS`."""
    extension = "ps1" if shell == "powershell" else shell
    path = os.path.join(os.path.dirname(__file__), "completion", "scripts", f"autotimeline.{extension}")
    with open(path, encoding="utf-8") as file:
        return file.read()
