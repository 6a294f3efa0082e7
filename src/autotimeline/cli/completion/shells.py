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

PATHS = 10
"""The exit code that asks the shell to complete paths itself."""

_OPEN = (":", "@", "/")  # what a word ends in that goes on: no space follows it
_NAMES = ("autotimeline", "atl")
_END = "\0"  # marks the cursor; no variable of the environment can hold it


def answer(instruction: str) -> int:
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
        words, quoted = split(os.environ.get("_TYPER_COMPLETE_ARGS", ""), escape)
        tail, _ = split(os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", ""), escape)
        found = candidates(_own(words))
        if found is None:
            return PATHS
        text = "".join(f"{line}\n" for line in _written(shell, found, words[-1], "".join(tail), quoted))
        # In one go: half of an answer would be completed as if it were all.
        print(text, end="")
    except Exception:
        return 1
    return 0


def split(line: str, escape: str = "\\") -> tuple[list[str], bool]:
    """Return the words of a line as a shell cuts them, the last one to its end, and whether a quote is open in it."""
    import shlex

    cutter = shlex.shlex(line + _END, posix=True)
    cutter.whitespace_split = True
    cutter.commenters = ""
    cutter.escape = escape
    words: list[str] = []
    quoted = False
    try:
        words += cutter
    except ValueError:
        words.append(cutter.token)
        quoted = True
    return [word.removesuffix(_END) for word in words], quoted


def _own(words: list[str]) -> list[str]:
    """Leave out what stands before our arguments: `NAME=value … program`, or `sudo program`."""
    for at, word in enumerate(words[:-1]):
        if os.path.basename(word.replace("\\", "/")).removesuffix(".exe") in _NAMES:
            return words[at + 1 :]
    return words[1:]  # under another name


def _written(shell: str, found: Iterable[Candidate], typed: str, tail: str, quoted: bool) -> Iterable[str]:
    """Yield the lines of the answer as the shell takes them; a word that it could not take safely is left out."""
    if shell not in ("bash", "powershell"):
        # They know the whole word, and quote what they insert.
        yield from (f"{word}\t{help}" for word, help in found)
        return
    if not typed.endswith(tail):
        return
    done = len(typed) - len(tail)
    for word, help in found:
        rest = word[done:]
        if shell == "powershell":
            if _plain(rest, "_-.:/="):
                yield f"{rest}\t{help or word}"
            elif not done:
                yield "'" + rest.replace("'", "''") + f"'\t{help or word}"
        elif not quoted:
            escaped = "".join(c if _plain(c, "_-.:/=@,+%") else f"\\{c}" for c in rest)
            yield escaped if word.endswith(_OPEN) else escaped + " "
        elif not set(rest) & set("'\"$`\\!"):
            yield rest


def _plain(text: str, more: str) -> bool:
    return all(c.isalnum() or c in more for c in text)
