"""`autotimeline completion`."""

from __future__ import annotations

import os

from autotimeline.cli import options
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.text import suggest_or_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli.bundled import completion_script

    shell = request.text(SHELL) or _detect_shell_name(environment.variables)
    shell = "powershell" if shell == "pwsh" else shell
    if shell not in options.SHELLS:
        raise UsageError(f'no completion for the shell "{shell}"{suggest_or_list(shell, options.SHELLS)}')
    if request.flag(INSTALL):
        for path in _install_script(shell, completion_script(shell), environment.variables):
            environment.note(f"{shell} completion: {path}")
        environment.note(f"start a new {shell} to use it")
        return 0
    with environment.open_output() as out:
        out.write(completion_script(shell))
    return 0


def _detect_shell_name(variables: Mapping[str, str]) -> str:
    """Return the name of the shell that runs this program, else of the user's login shell."""
    # A dependency of Typer; it looks through the parent processes.
    from shellingham import ShellDetectionFailure, detect_shell  # type: ignore[import-untyped]  # no types

    try:
        return str(detect_shell()[0])
    except ShellDetectionFailure:
        return os.path.basename(variables.get("SHELL", "")) or "bash"


def _install_script(shell: str, script: str, variables: Mapping[str, str]) -> list[str]:
    """Write the script to where the shell loads it, and return the paths.

    Raises:
        AutotimelineError: If a file cannot be written, or the shell is PowerShell, whose profile has no fixed path.
    """

    def base_directory(variable: str, *default_parts: str) -> str:
        directory = variables.get(variable, "")
        return directory if os.path.isabs(directory) else os.path.join(os.path.expanduser("~"), *default_parts)

    if shell == "powershell":
        line = "autotimeline completion powershell | Out-String | Invoke-Expression"
        raise AutotimelineError(f"powershell: --install is not supported; add this line to $PROFILE: {line}")
    if shell == "fish":
        # fish loads the file with the name of the program at its first completion.
        directory = os.path.join(base_directory("XDG_CONFIG_HOME", ".config"), "fish", "completions")
        return [_write_file(os.path.join(directory, f"{name}.fish"), script) for name in ("autotimeline", "atl")]
    script_path = os.path.join(
        base_directory("XDG_DATA_HOME", ".local", "share"), "autotimeline", f"completion.{shell}"
    )
    profile = os.path.join(base_directory("ZDOTDIR") if shell == "zsh" else base_directory(""), f".{shell}rc")
    quoted = "'" + script_path.replace("'", "'\\''") + "'"
    return [
        _write_file(script_path, script),
        _write_file(profile, f"[ ! -r {quoted} ] || . {quoted}  # autotimeline\n", append=True),
    ]


def _write_file(path: str, text: str, *, append: bool = False) -> str:
    """Write a file, or append a line that is not in it yet, and return its path."""
    from autotimeline.cli.output_file import open_atomically

    existing = ""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if append and os.path.exists(path):
            # Keep the bytes of the profile, whatever its encoding.
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                existing = file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None
    if not existing or text not in existing:
        with open_atomically(path) as out:
            out.write(existing + ("\n" if existing and not existing.endswith("\n") else "") + text)
    return path


SHELL = options.Argument(
    "shell", "[SHELL]", "bash, zsh, fish, or powershell; by default, the one in use.", "shells", max_count=1
)
INSTALL = options.Option("--install", "Install the script for every new shell.")
COMMAND = Command("Complete commands, ids, and names in a shell.", _run, (INSTALL,), (SHELL,))
