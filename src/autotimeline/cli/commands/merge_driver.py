"""`autotimeline merge-driver`."""

from __future__ import annotations

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import UsageError, error_reason

CONFLICT_CODE = 1
# Git treats 1 to 128 as a conflict.
FAILURE_CODE = 129
_DEFAULT_MARKER_SIZE = 7


def _run(request: Request, environment: Environment) -> int:
    try:
        return _merge(request.texts(FILES), environment)
    except Exception as error:  # Git would take the exit code of any other error for a conflict.
        environment.error(f"{error_reason(error) if isinstance(error, OSError) else error}; nothing was merged")
        return FAILURE_CODE


def _merge(words: tuple[str, ...], environment: Environment) -> int:
    from autotimeline.editing.merge_files import merge_files

    if not 3 <= len(words) <= 5 or not all(word.isdecimal() for word in words[3:4]):
        raise UsageError("write autotimeline merge-driver %O %A %B %L %P in the configuration of git")
    base, ours, theirs = words[:3]
    name = words[4] if len(words) > 4 else ours
    conflicts = merge_files(base, ours, theirs, int(words[3]) if len(words) > 3 else _DEFAULT_MARKER_SIZE)
    for conflict in conflicts:
        environment.error(f"{name}:{conflict.line}: {conflict.text}")
    return CONFLICT_CODE if conflicts else 0


FILES = options.Argument("files", "FILE...", "What git passes for %O %A %B %L %P.")
COMMAND = Command("Merge two versions of a store for git, fact by fact.", _run, (), (FILES,))
