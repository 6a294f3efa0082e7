"""The command line in this process: as quick as a call, with streams like those of a pipe."""

import io
import sys

from autotimeline import cli


def ask(*arguments: str) -> tuple[int, str, str]:
    """Return (exit code, standard output, standard error)."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    try:
        code = cli.main([str(argument) for argument in arguments])
        streams = sys.stdout, sys.stderr
        for stream in streams:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode() for stream in streams)
    finally:
        sys.stdout, sys.stderr = kept
    return code, out, err
