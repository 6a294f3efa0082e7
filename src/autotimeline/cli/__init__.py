"""The command line: `main`, and what every error becomes, a line on stderr and an exit code."""

from __future__ import annotations

import gc
import os
import sys

from autotimeline.errors import AutotimelineError, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSED, INTERRUPTED = 0, 130
COMPLETE = ("_AUTOTIMELINE_COMPLETE", "_ATL_COMPLETE")
"""Where a shell says that it wants a line completed: `complete_SHELL` (see `cli.completion.shells`)."""
# Loading modules makes objects by the ten thousand and hardly a cycle; to look for some again and again
# would take a twentieth of a start. Where a process grows beyond that, it is done as ever.
GARBAGE = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (`sys.argv` without arguments) and return its exit code (docs/contract.md)."""
    gc.set_threshold(GARBAGE)
    try:
        return answered(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return CLOSED
    except OSError as error:
        from autotimeline.cli import environment

        environment.complain(reason(error))
        return AutotimelineError.exit_code
    finally:
        _let_go()


def answered(arguments: Sequence[str]) -> int:
    """Answer one command line and return its exit code; what is wrong with it is said on stderr.

    Raises:
        OSError: where standard output takes no more.
    """
    from autotimeline.cli import environment

    try:
        environment.prepare()
        code = _run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except AutotimelineError as error:
        environment.complain(str(error))
        return error.exit_code


def _run(arguments: Sequence[str]) -> int:
    # Before all else is loaded: a person waits behind the tabulator.
    for name in COMPLETE:
        if asked := os.environ.get(name):
            from autotimeline.cli.completion import shells

            return shells.answer(asked)
    from autotimeline.cli import environment

    try:
        return _answered(arguments)
    except (AutotimelineError, OSError):
        raise
    except Exception as error:
        cache = sys.modules.get("autotimeline.index.cache")
        if cache is None or not cache.discard(error):
            raise
        if environment.begun():
            what = "the index could not be read to its end, so the answer is incomplete; run the command again"
            raise AutotimelineError(what) from None
        return _answered(["--no-cache", *arguments])
    finally:
        if directory := sys.modules.get("autotimeline.index.cache_directory"):
            for warning in directory.warnings():
                environment.complain(warning)


def _answered(arguments: Sequence[str]) -> int:
    """Run a command line through the door that it needs."""
    from autotimeline.cli import fast_parser

    if found := fast_parser.read(arguments):
        command, values = found
        return int(command.run(values))
    from autotimeline.cli.typer_app import run

    return run(arguments)


def _let_go() -> None:
    """Send what a closed pipe or a full disk could not take nowhere, or Python would complain of it at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
