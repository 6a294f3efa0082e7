"""Complete command lines for shells: what a completion script passes, and the candidates that each shell reads.

A script runs the program with `_AUTOTIMELINE_COMPLETE=complete_SHELL` (or `_ATL_COMPLETE`), the line up to the cursor
in `_TYPER_COMPLETE_ARGS`, and the text that the shell will replace in `_TYPER_COMPLETE_WORD_TO_COMPLETE`. The names
are Typer's. Its scripts are not used: the one for zsh evaluates text from a store, words lose their spaces, the one
for bash cannot complete after a colon, and importing Typer takes longer than completing.
"""

from __future__ import annotations

import os

from autotimeline.cli.options import SHELLS
from autotimeline.cli.word_completion import CONTINUING_SUFFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.word_completion import Candidate

EXIT_COMPLETE_PATHS = 10
"""The exit code that asks the shell to complete paths itself."""

_PROGRAM_NAMES = ("autotimeline", "atl")
_CURSOR = "\0"  # marks the cursor: environment variables cannot contain it


def print_candidates(instruction: str, environment: Environment) -> int:
    """Print the completions of the line in the environment variables, one per line, and return the exit code.

    For zsh, fish, and PowerShell, a tab and a line of help follow the word. After an error nothing is printed.
    """
    from autotimeline.cli.completion.command_line import candidates

    shell = instruction.removeprefix("complete_")
    if shell not in SHELLS:
        return 1
    try:
        # PowerShell does not escape with backslashes, and its paths contain them.
        escape = "" if shell == "powershell" else "\\"
        words, quoted = split_line(environment.variables.get("_TYPER_COMPLETE_ARGS", ""), escape)
        tail, _ = split_line(environment.variables.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", ""), escape)
        matches = candidates(_program_arguments(words))
        if matches is None:
            return EXIT_COMPLETE_PATHS
        text = "".join(f"{line}\n" for line in _format_candidates(shell, matches, words[-1], "".join(tail), quoted))
        # One write: the shell would take a part for all candidates.
        if environment.stdout is not None:
            environment.stdout.write(text)
    except Exception:
        return 1
    return 0


def split_line(line: str, escape: str = "\\") -> tuple[list[str], bool]:
    """Return the words of a line as a shell splits it, and whether a quote is open in the last one."""
    import shlex

    lexer = shlex.shlex(line + _CURSOR, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = escape
    words: list[str] = []
    quoted = False
    try:
        words += lexer
    except ValueError:
        words.append(lexer.token)
        quoted = True
    return [word.removesuffix(_CURSOR) for word in words], quoted


def _program_arguments(words: list[str]) -> list[str]:
    """Return the words after the program, which may follow `NAME=value …` or `sudo`."""
    for index, word in enumerate(words[:-1]):
        if os.path.basename(word.replace("\\", "/")).removesuffix(".exe") in _PROGRAM_NAMES:
            return words[index + 1 :]
    return words[1:]  # the program has another name


def _format_candidates(shell: str, matches: Iterable[Candidate], typed: str, tail: str, quoted: bool) -> Iterable[str]:
    """Yield the lines that the shell reads, without words that it could not insert safely."""
    if shell not in ("bash", "powershell"):
        # These shells replace the whole word, and quote it.
        yield from (f"{word}\t{help}" for word, help in matches)
        return
    if not typed.endswith(tail):
        return
    done = len(typed) - len(tail)
    for word, help in matches:
        remainder = word[done:]
        if shell == "powershell":
            if _is_plain(remainder, "_-.:/="):
                yield f"{remainder}\t{help or word}"
            elif not done:
                yield "'" + remainder.replace("'", "''") + f"'\t{help or word}"
        elif not quoted:
            escaped = "".join(c if _is_plain(c, "_-.:/=@,+%") else f"\\{c}" for c in remainder)
            yield escaped if word.endswith(CONTINUING_SUFFIXES) else escaped + " "
        elif not set(remainder) & set("'\"$`\\!"):
            yield remainder


def _is_plain(text: str, extra: str) -> bool:
    return all(c.isalnum() or c in extra for c in text)
