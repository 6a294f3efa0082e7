"""The terminal of the explorer: keys, rows, and its state, which is restored whatever ends the program."""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import termios
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

PASTED = "Pasted "
"""The beginning of the key that pasted text is read as; the text follows."""

# The alternate screen, without wrapping and a cursor, and with marks around pasted text.
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?2004h", "\x1b[?2004l\x1b[?25h\x1b[?7h\x1b[0m\x1b[?1049l"
_SEQUENCE = re.compile(r"\x1b\[200~(.*?)\x1b\[201~|\x1b[\[O](?!200~)([\d;]*[A-Za-z~])", re.DOTALL)
_ESCAPE_SECONDS = 0.05  # the rest of a key that begins with Escape follows sooner
_KEY_OF_SEQUENCE = {
    "A": "Up", "B": "Down", "C": "Right", "D": "Left", "H": "Home", "F": "End", "1~": "Home", "7~": "Home",
    "4~": "End", "8~": "End", "3~": "Delete", "5~": "PageUp", "6~": "PageDown",
}  # fmt: skip
_KEY_OF_CHARACTER = {
    "\r": "Enter", "\n": "Enter", "\t": "Tab", "\x7f": "Backspace", "\b": "Backspace", "\x1b": "Escape",
    "\x01": "Home", "\x05": "End", "\x15": "Ctrl-U", "\f": "Ctrl-L",
}  # fmt: skip
_FATAL = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP)


class Terminal:
    """A full-screen terminal, to be used in a `with` statement. A fatal signal ends the statement, then the process."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        self._input, self._output, self._encoding = stdin.fileno(), stdout.fileno(), stdout.encoding
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed = ""
        # The rows and the cursor that are shown, unless all have to be drawn again.
        self._screen: tuple[list[str], tuple[int, int] | None] = [], None
        self._is_stale = True
        self._is_entered, self._fatal = False, 0

    def __enter__(self) -> Terminal:
        self._attributes = termios.tcgetattr(self._input)
        # A signal wakes up `read_key`.
        self._wake, self._wake_end = os.pipe()
        os.set_blocking(self._wake_end, False)
        self._old_wake_end = signal.set_wakeup_fd(self._wake_end, warn_on_full_buffer=False)
        numbers = (*_FATAL, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)
        self._handlers = {number: signal.signal(number, self._handle) for number in numbers}
        try:
            self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._leave()
        signal.set_wakeup_fd(self._old_wake_end)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._wake)
        os.close(self._wake_end)
        if self._fatal == signal.SIGINT:
            raise KeyboardInterrupt
        if self._fatal:
            signal.signal(self._fatal, signal.SIG_DFL)
            os.kill(os.getpid(), self._fatal)

    @contextmanager
    def released(self) -> Iterator[None]:
        """Give the terminal to another program in this context."""
        self._leave()
        try:
            yield
        finally:
            self._enter()

    def _handle(self, number: int, frame: object) -> None:
        if number in _FATAL:
            self._fatal = number
            if self._is_entered:
                raise SystemExit(128 + number)
        elif number == signal.SIGTSTP:
            if was_entered := self._is_entered:
                self._leave()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            signal.signal(number, self._handle)
            if was_entered:
                self._enter()
        elif number == signal.SIGCONT and self._is_entered:
            self._enter()
        self.redraw()

    def _enter(self) -> None:
        attributes = termios.tcgetattr(self._input)
        attributes[0] &= ~(termios.IXON | termios.ICRNL)
        attributes[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        termios.tcsetattr(self._input, termios.TCSADRAIN, attributes)
        self._is_entered = True
        self.redraw()
        self.write(_ENTER)
        if self._fatal:  # while another program had the terminal
            raise SystemExit(128 + self._fatal)

    def _leave(self) -> None:
        self._is_entered = False
        # A terminal that has hung up has no state.
        with suppress(OSError, termios.error):
            self.write(_LEAVE)
            termios.tcsetattr(self._input, termios.TCSADRAIN, self._attributes)

    def size(self) -> tuple[int, int]:
        """Return the number of columns and of rows."""
        columns, rows = os.get_terminal_size(self._output)
        return columns or 80, rows or 24

    def write(self, text: str) -> None:
        """Write text with its control sequences."""
        data = text.encode(self._encoding, "backslashreplace")
        while data:
            data = data[os.write(self._output, data) :]

    def draw(self, rows: list[str], cursor: tuple[int, int] | None) -> None:
        """Write the rows that have changed, and show the cursor at (row, column) from 0."""
        if self._is_stale:
            self._screen, self._is_stale = ([], None), False
        old_rows, _ = self._screen
        if (rows, cursor) == self._screen:
            return
        parts = ["\x1b[?25l", *(["\x1b[2J"] if len(old_rows) != len(rows) else [])]
        old_rows = old_rows if len(old_rows) == len(rows) else [""] * len(rows)
        changed = (number for number, row in enumerate(rows) if row != old_rows[number])
        parts += [f"\x1b[{number + 1}H\x1b[K{rows[number]}" for number in changed]
        self._screen = rows, cursor
        self.write("".join(parts) + (f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H\x1b[?25h" if cursor else ""))

    def redraw(self) -> None:
        """Write all rows the next time."""
        self._is_stale = True

    @property
    def has_typed(self) -> bool:
        """Whether a key has been typed, but not returned."""
        return bool(self._typed)

    def read_key(self, seconds: float) -> str:
        """Return a character, the name of a key, or PASTED with text; "" after these seconds or after a signal."""
        if not self._typed and not self._read(seconds):
            return ""
        while not (match := _SEQUENCE.match(self._typed)) and self._typed[0] == "\x1b" and self._read(_ESCAPE_SECONDS):
            pass
        character, self._typed = self._typed[0], self._typed[match.end() if match else 1 :]
        if not match:
            return _KEY_OF_CHARACTER.get(character, character)
        return _KEY_OF_SEQUENCE.get(match[2], "Unknown") if match[2] else PASTED + match[1]

    def _read(self, seconds: float) -> bool:
        """Wait for these seconds, or until a signal; return whether there are keys to return."""
        ready, _, _ = select.select([self._input, self._wake], [], [], seconds)
        if self._wake in ready:
            os.read(self._wake, 4096)
        if self._input not in ready:
            return False
        data = os.read(self._input, 4096)
        if not data:
            raise OSError("the terminal is closed")
        self._typed += self._decoder.decode(data)
        return bool(self._typed)
