"""`autotimeline completion`."""

from __future__ import annotations

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _run(values: dict[str, Any]) -> int:
    from autotimeline.cli import environment
    from autotimeline.cli.bundled import completion_script
    from autotimeline.errors import UsageError
    from autotimeline.text import suggest

    shell = values["shell"] or _detect_shell_name()
    shell = "powershell" if shell == "pwsh" else shell
    if shell not in options.SHELLS:
        available = ", ".join(options.SHELLS)
        raise UsageError(f'no completion for the shell "{shell}"{suggest(shell, options.SHELLS)}; there is {available}')
    if values["install"]:
        for path in _install_script(shell, completion_script(shell)):
            environment.print_note(f"{shell} completion: {path}")
        environment.print_note(f"it works in every {shell} that you start from now on")
        return 0
    with environment.open_output(None, []) as out:
        out.write(completion_script(shell))
    return 0


def _detect_shell_name() -> str:
    """Return the name of the shell that runs this program; where none does, that of the user's own."""
    import os

    # Typer needs it for the same purpose, so it is there; it looks through the processes above this one.
    from shellingham import ShellDetectionFailure, detect_shell  # type: ignore[import-untyped]  # it has no types

    try:
        return str(detect_shell()[0])
    except ShellDetectionFailure:
        return os.path.basename(os.environ.get("SHELL", "")) or "bash"


def _install_script(shell: str, script: str) -> list[str]:
    """Put the script where the shell finds it, and return the files that are new or changed.

    Raises:
        AutotimelineError: where a file cannot be written, or the shell keeps its profile where only it knows.
    """
    import os

    from autotimeline.errors import AutotimelineError

    def base_directory(variable: str, *default_parts: str) -> str:
        directory = os.environ.get(variable, "")
        return directory if os.path.isabs(directory) else os.path.join(os.path.expanduser("~"), *default_parts)

    if shell == "powershell":
        line = "autotimeline completion powershell | Out-String | Invoke-Expression"
        raise AutotimelineError(
            f"only PowerShell knows where its profile is; add this line to the file $PROFILE: {line}"
        )
    if shell == "fish":
        # It loads the file that is named after the program, when the program is first completed.
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
    """Write a file, or `add` a line to it unless it is there, and return its path."""
    import os

    from autotimeline.cli.output_file import open_atomically
    from autotimeline.errors import AutotimelineError, error_reason

    existing = ""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if append and os.path.exists(path):
            # A profile is the user's own: whatever its encoding, what it holds stays as it is.
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                existing = file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None
    if not existing or text not in existing:
        with open_atomically(path, []) as out:
            out.write(existing + ("\n" if existing and not existing.endswith("\n") else "") + text)
    return path


SHELL = options.Argument(
    "shell", "[SHELL]", "bash, zsh, fish or powershell; the one in use.", max_count=1, completion="shells"
)
INSTALL = options.Option("install", "--install", "Install it for every such shell that is started.")
COMMAND = options.Command("Complete commands, ids and names in a shell.", _run, (INSTALL,), (SHELL,))
