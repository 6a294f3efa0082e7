"""The command line in this process: as quick as a call, with streams like those of a pipe."""

import io
import os
import sys

from autotimeline.cli import main
from autotimeline.cli.environment import Environment


def ask(*arguments: str) -> tuple[int, str, str]:
    """Return (exit code, standard output, standard error)."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code = main([str(argument) for argument in arguments], Environment(sys.stdin, out, err, os.environ))
    for stream in (out, err):
        stream.flush()
    return code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()
