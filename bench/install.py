"""Install the tools that autotimeline is compared with: from Debian, and from the package index into `bench/.venv`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv

import tools
from tools._tool import ENVIRONMENT


def install() -> None:
    """Install what is missing, and say what cannot be had here."""
    found = tools.load().values()
    index = sorted({tool.index for tool in found if tool.index and not tool.find()})
    debian = sorted({tool.debian for tool in found if tool.debian and not tool.find()})
    if index:
        venv.create(ENVIRONMENT, with_pip=True)
        run(str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q", *index)
    if debian and not shutil.which("apt-get"):
        print(f"no apt-get here: install {', '.join(debian)} by hand", file=sys.stderr)
    elif debian:
        root = () if os.geteuid() == 0 else ("sudo",)
        run(*root, "apt-get", "install", "-y", "--no-install-recommends", *debian)


def run(*command: str) -> None:
    """Run a command that is shown, and end with a word where it fails."""
    print("+", *command, file=sys.stderr)
    if code := subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        sys.exit(code)
