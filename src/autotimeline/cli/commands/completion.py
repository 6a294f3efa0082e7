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
    from autotimeline.text import nearest

    shell = values["shell"] or _current()
    shell = "powershell" if shell == "pwsh" else shell
    if shell not in options.SHELLS:
        there = ", ".join(options.SHELLS)
        raise UsageError(f'no completion for the shell "{shell}"{nearest(shell, options.SHELLS)}; there is {there}')
    if values["install"]:
        for path in _install(shell, completion_script(shell)):
            environment.say(f"{shell} completion: {path}")
        environment.say(f"it works in every {shell} that you start from now on")
        return 0
    with environment.opened(None, []) as out:
        out.write(completion_script(shell))
    return 0


def _current() -> str:
    """Return the name of the shell that runs this program; where none does, that of the user's own."""
    import os

    # Typer needs it for the same purpose, so it is there; it looks through the processes above this one.
    from shellingham import ShellDetectionFailure, detect_shell  # type: ignore[import-untyped]  # it has no types

    try:
        return str(detect_shell()[0])
    except ShellDetectionFailure:
        return os.path.basename(os.environ.get("SHELL", "")) or "bash"


def _install(shell: str, script: str) -> list[str]:
    """Put the script where the shell finds it, and return the files that are new or changed.

    Raises:
        AutotimelineError: where a file cannot be written, or the shell keeps its profile where only it knows.
    """
    import os

    from autotimeline.errors import AutotimelineError

    def home(variable: str, *otherwise: str) -> str:
        found = os.environ.get(variable, "")
        return found if os.path.isabs(found) else os.path.join(os.path.expanduser("~"), *otherwise)

    if shell == "powershell":
        line = "autotimeline completion powershell | Out-String | Invoke-Expression"
        raise AutotimelineError(
            f"only PowerShell knows where its profile is; add this line to the file $PROFILE: {line}"
        )
    if shell == "fish":
        # It loads the file that is named after the program, when the program is first completed.
        folder = os.path.join(home("XDG_CONFIG_HOME", ".config"), "fish", "completions")
        return [_written(os.path.join(folder, f"{name}.fish"), script) for name in ("autotimeline", "atl")]
    kept = os.path.join(home("XDG_DATA_HOME", ".local", "share"), "autotimeline", f"completion.{shell}")
    profile = os.path.join(home("ZDOTDIR") if shell == "zsh" else home(""), f".{shell}rc")
    quoted = "'" + kept.replace("'", "'\\''") + "'"
    return [_written(kept, script), _written(profile, f"[ ! -r {quoted} ] || . {quoted}  # autotimeline\n", add=True)]


def _written(path: str, text: str, *, add: bool = False) -> str:
    """Write a file, or `add` a line to it unless it is there, and return its path."""
    import os

    from autotimeline.cli.output_file import written
    from autotimeline.errors import AutotimelineError, reason

    there = ""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if add and os.path.exists(path):
            # A profile is the user's own: whatever its encoding, what it holds stays as it is.
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                there = file.read()
    except OSError as error:
        raise AutotimelineError(f"{path}: {reason(error)}") from None
    if not there or text not in there:
        with written(path, []) as out:
            out.write(there + ("\n" if there and not there.endswith("\n") else "") + text)
    return path


SHELL = options.Words("shell", "[SHELL]", "bash, zsh, fish or powershell; the one in use.", most=1, complete="shells")
INSTALL = options.Option("install", "--install", "Install it for every such shell that is started.")
COMMAND = options.Command("Complete commands, ids and names in a shell.", _run, (INSTALL,), (SHELL,))
