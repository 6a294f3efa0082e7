"""Files that come with the program: the example store and the completion scripts."""

import os


def read_bundled(name: str) -> str:
    """Return the text of `facts.toml`, from the package or from the top of a checkout."""
    package = os.path.dirname(os.path.dirname(__file__))
    for directory in (os.path.join(package, "shipped"), os.path.dirname(os.path.dirname(package))):
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8", newline="") as file:
                return file.read()
    raise FileNotFoundError(name)


def completion_script(shell: str) -> str:
    """Return the completion script for a shell of `options.SHELLS`."""
    extension = "ps1" if shell == "powershell" else shell
    path = os.path.join(os.path.dirname(__file__), "completion", "scripts", f"autotimeline.{extension}")
    with open(path, encoding="utf-8") as file:
        return file.read()
