"""The shells that complete our command lines: the script that each one runs, and the answers it understands.

A script runs the program with `_AUTOTIMELINE_COMPLETE=complete_SHELL` (or `_ATL_COMPLETE`: Typer's
programs name it after themselves), the line up to the cursor in `_TYPER_COMPLETE_ARGS`, and what it
will replace of the last word in `_TYPER_COMPLETE_WORD_TO_COMPLETE`. The names are those of Typer;
its machinery is not used, because its zsh script evaluates text from a store, its words lose their
spaces, its bash cannot complete behind a colon, and its import takes longer than the answer.
"""

from __future__ import annotations

import os

from autotimeline.cli.options import SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from autotimeline.cli.completion.candidates import Candidate
    from autotimeline.cli.environment import Environment

EXIT_COMPLETE_PATHS = 10
"""The exit code that asks the shell to complete paths itself."""

_CONTINUING_SUFFIXES = (":", "@", "/")  # what a word ends in that goes on: no space follows it
_PROGRAM_NAMES = ("autotimeline", "atl")
_CURSOR = "\0"  # marks the cursor; no variable of the environment can hold it


def print_candidates(instruction: str, environment: Environment) -> int:
    """Print what completes the line in the environment, one a line, and return the exit code.

    A line is what replaces the word; for zsh, fish and powershell a tab and a line of help follow.
    Whatever goes wrong, nothing is printed: a person is in the middle of a line.
    """
    from autotimeline.cli.completion.candidates import candidates

    shell = instruction.removeprefix("complete_")
    if shell not in SHELLS:
        return 1
    try:
        # The shell of Windows does not escape with backslashes; its paths hold them.
        escape = "" if shell == "powershell" else "\\"
        words, quoted = split_line(environment.variables.get("_TYPER_COMPLETE_ARGS", ""), escape)
        tail, _ = split_line(environment.variables.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", ""), escape)
        matches = candidates(_program_arguments(words))
        if matches is None:
            return EXIT_COMPLETE_PATHS
        text = "".join(f"{line}\n" for line in _format_candidates(shell, matches, words[-1], "".join(tail), quoted))
        # In one go: half of an answer would be completed as if it were all.
        if environment.stdout is not None:
            environment.stdout.write(text)
    except Exception:
        return 1
    return 0


def split_line(line: str, escape: str = "\\") -> tuple[list[str], bool]:
    """Return the words of a line as a shell cuts them, the last one to its end, and whether a quote is open in it."""
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
    """Leave out what stands before our arguments: `NAME=value … program`, or `sudo program`."""
    for index, word in enumerate(words[:-1]):
        if os.path.basename(word.replace("\\", "/")).removesuffix(".exe") in _PROGRAM_NAMES:
            return words[index + 1 :]
    return words[1:]  # under another name


def _format_candidates(shell: str, matches: Iterable[Candidate], typed: str, tail: str, quoted: bool) -> Iterable[str]:
    """Yield the lines of the answer as the shell takes them; a word that it could not take safely is left out."""
    if shell not in ("bash", "powershell"):
        # They know the whole word, and quote what they insert.
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
            yield escaped if word.endswith(_CONTINUING_SUFFIXES) else escaped + " "
        elif not set(remainder) & set("'\"$`\\!"):
            yield remainder


def _is_plain(text: str, extra: str) -> bool:
    return all(c.isalnum() or c in extra for c in text)
