"""The command line: `main`, and what every error becomes, a line on stderr and an exit code."""

from __future__ import annotations

import gc
import os
import sys

from autotimeline.errors import AutotimelineError, error_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_CLOSED_PIPE, EXIT_INTERRUPTED = 0, 130
COMPLETION_VARIABLES = ("_AUTOTIMELINE_COMPLETE", "_ATL_COMPLETE")
"""Where a shell says that it wants a line completed: `complete_SHELL` (see `cli.completion.shells`)."""
# Loading modules makes objects by the ten thousand and hardly a cycle; to look for some again and again
# would take a twentieth of a start. Where a process grows beyond that, it is done as ever.
GC_THRESHOLD = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (`sys.argv` without arguments) and return its exit code (docs/contract.md)."""
    gc.set_threshold(GC_THRESHOLD)
    try:
        return run_command(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_CLOSED_PIPE
    except OSError as error:
        from autotimeline.cli import environment

        environment.print_error(error_reason(error))
        return AutotimelineError.exit_code
    finally:
        _discard_unwritten()


def run_command(arguments: Sequence[str]) -> int:
    """Answer one command line and return its exit code; what is wrong with it is said on stderr.

    Raises:
        OSError: where standard output takes no more.
    """
    from autotimeline.cli import environment

    try:
        environment.configure_streams()
        code = _dispatch(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except AutotimelineError as error:
        environment.print_error(str(error))
        return error.exit_code


def _dispatch(arguments: Sequence[str]) -> int:
    # Before all else is loaded: a person waits behind the tabulator.
    for name in COMPLETION_VARIABLES:
        if instruction := os.environ.get(name):
            from autotimeline.cli.completion import shells

            return shells.print_candidates(instruction)
    from autotimeline.cli import environment

    try:
        return _run_command_line(arguments)
    except (AutotimelineError, OSError):
        raise
    except Exception as error:
        cache = sys.modules.get("autotimeline.index.cache")
        if cache is None or not cache.discard_damaged(error):
            raise
        if environment.begun():
            what = "the index could not be read to its end, so the answer is incomplete; run the command again"
            raise AutotimelineError(what) from None
        return _run_command_line(["--no-cache", *arguments])
    finally:
        if directory := sys.modules.get("autotimeline.index.cache_directory"):
            for warning in directory.warnings():
                environment.print_error(warning)


def _run_command_line(arguments: Sequence[str]) -> int:
    """Run a command line through the door that it needs."""
    from autotimeline.cli import fast_parser

    if parsed := fast_parser.parse_command_line(arguments):
        command, values = parsed
        return int(command.run(values))
    from autotimeline.cli.typer_app import run_with_typer

    return run_with_typer(arguments)


def _discard_unwritten() -> None:
    """Send what a closed pipe or a full disk could not take nowhere, or Python would complain of it at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
