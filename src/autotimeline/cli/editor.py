"""Edit a text in the user's editor until it is valid or abandoned; it is never lost."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from typing import TypeVar

from autotimeline.cli.environment import Environment
from autotimeline.editing.draft import RejectedChangeError
from autotimeline.errors import AutotimelineError, error_reason

_MESSAGE_PREFIX = "#! "
# Most editors understand `+LINE FILE`; these understand `FILE:LINE`, after the option if there is one.
_POSITION_OPTIONS = {"code": ["--goto"], "codium": ["--goto"], "hx": [], "subl": [], "zed": []}

Result = TypeVar("Result")


def normalize_line_ends(text: str) -> str:
    """Return a text as editors save it: every line, the last one too, ends in a line feed."""
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def edit_until_accepted(environment: Environment, name: str, text: str, accept: Callable[[str], Result]) -> Result:
    """Let the user edit a text until `accept` raises no error, and return its result.

    Every line ends in a line feed. A rejected text is shown again below its errors. A temporary file of this name
    contains the text. It is deleted once the text is accepted; otherwise, errors name it.

    Raises:
        AutotimelineError: If the text is rejected and the user cannot be asked or gives up, or if the editor fails.
    """
    path = os.path.join(tempfile.mkdtemp(prefix="autotimeline-"), name)
    original = edited = normalize_line_ends(text)
    messages: list[str] = []
    while True:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write("".join(f"{_MESSAGE_PREFIX}{line}\n" for line in messages) + edited)
        if failure := run_editor(path, environment.variables):
            if edited != original or _read(path) != original:
                raise _abandoned_error([failure], path)
            _delete(path)
            raise AutotimelineError(failure, "nothing was written")
        lines = _read(path).split("\n")
        # Only above the text: comments in it may begin in the same way.
        while lines[0].startswith(_MESSAGE_PREFIX):
            del lines[0]
        previous, edited = edited, "\n".join(lines)
        if messages and edited == previous:
            raise _abandoned_error(messages[:-1], path)
        try:
            result = accept(edited)
        except AutotimelineError as error:
            messages = str(error).splitlines()
            if isinstance(error, RejectedChangeError):
                # The lines of the message above shift the line numbers in the editor.
                offset = len(error.problems) + 1 if environment.is_interactive() else 0
                messages = [f"line {line + offset}: {text}" if name else text for name, line, _, text in error.problems]
            if not environment.is_interactive():
                raise _abandoned_error(messages, path) from None
            messages.append("Correct it below; leave all as it is to give up.")
        else:
            _delete(path)
            return result


def _abandoned_error(messages: list[str], path: str) -> AutotimelineError:
    return AutotimelineError(*messages, f"nothing was written; your text is in {path}")


def run_editor(path: str, variables: Mapping[str, str], line: int = 0) -> str:
    """Edit a file in the user's editor, from a line (from 1) on if it is given; return why that failed, or ""."""
    editor = variables.get("VISUAL") or variables.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    # Some editors use Ctrl-C as a key.
    previous_handler = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        command = shlex.split(editor)
        options = _POSITION_OPTIONS.get(os.path.basename(command[0])) if command else None
        position = [path] if not line else [f"+{line}", path] if options is None else [*options, f"{path}:{line}"]
        code = subprocess.run([*command, *position], check=False).returncode  # noqa: S603  the user's own command
    except (OSError, ValueError) as error:
        return f"{editor}: {error_reason(error)}; set EDITOR to the command of an editor"
    finally:
        signal.signal(signal.SIGINT, previous_handler)
    return f"{editor} ended with {code}" if code else ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return normalize_line_ends(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise _abandoned_error([f"the edited text cannot be read: {error}"], path) from None


def _delete(path: str) -> None:
    os.unlink(path)
    os.rmdir(os.path.dirname(path))
