"""The terminal of the explorer: keys, rows of text, and its state, which is restored whatever ends the program."""

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
    from types import FrameType
    from typing import TextIO

PASTED = "Pasted "
"""The beginning of the key that pasted text is read as; the text follows."""

# The alternate screen, without wrapping and a cursor, and with marks around pasted text.
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?2004h", "\x1b[?2004l\x1b[?25h\x1b[?7h\x1b[0m\x1b[?1049l"
_KEY = re.compile(r"\x1b\[200~(.*?)\x1b\[201~|\x1b[\[O]([\d;]*[A-Za-z~])|(.)", re.DOTALL)
_INCOMPLETE = re.compile(r"\x1b(?:\[200~.*|[\[O][\d;]*)?", re.DOTALL)
_ESCAPE_SECONDS = 0.05  # the rest of a key that begins with Escape follows sooner
_SEQUENCES = {
    **{"A": "Up", "B": "Down", "C": "Right", "D": "Left", "H": "Home", "F": "End", "1~": "Home", "7~": "Home"},
    **{"4~": "End", "8~": "End", "3~": "Delete", "5~": "PageUp", "6~": "PageDown"},
}
_CONTROLS = {
    **{"\r": "Enter", "\n": "Enter", "\t": "Tab", "\x7f": "Backspace", "\b": "Backspace", "\x1b": "Escape"},
    **{"\x01": "Home", "\x05": "End", "\x15": "Clear", "\f": "Redraw"},
}
_FATAL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SIGNALS = (*_FATAL, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH)


class Terminal:
    """A full-screen terminal, to be used in a `with` statement. A fatal signal ends the statement, then the process."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        self._input, self._output = stdin.fileno(), stdout.fileno()
        self._encoding = stdout.encoding
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed = ""
        self._rows: list[str] = []
        self._cursor: tuple[int, int] | None = None
        self._is_entered = False
        self._fatal = 0

    def __enter__(self) -> Terminal:
        self._attributes = termios.tcgetattr(self._input)
        # A signal wakes up `read_key`.
        self._wake, wake_end = os.pipe()
        os.set_blocking(wake_end, False)
        self._old_wake_end, self._wake_end = signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False), wake_end
        self._handlers = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        self._enter()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
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

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if number in _FATAL:
            self._fatal = number
            if self._is_entered:
                raise SystemExit(128 + number)
        elif number == signal.SIGTSTP:
            was_entered = self._is_entered
            self._leave()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            signal.signal(number, self._handle)
            if was_entered:
                self._enter()
        elif self._is_entered and number == signal.SIGCONT:
            self._enter()
        self.redraw()

    def _enter(self) -> None:
        attributes = termios.tcgetattr(self._input)
        attributes[0] &= ~(termios.IXON | termios.ICRNL)
        attributes[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        termios.tcsetattr(self._input, termios.TCSADRAIN, attributes)
        self._is_entered = True
        self._rows = []
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

    def draw(self, rows: list[str], cursor: tuple[int, int] | None = None) -> None:
        """Show the rows, of which only those that changed are written, and the cursor at (row, column) from 0."""
        if (rows, cursor) == (self._rows, self._cursor):
            return
        is_new = len(self._rows) != len(rows)
        old_rows = [""] * len(rows) if is_new else self._rows
        parts = ["\x1b[?25l", "\x1b[2J" if is_new else ""]
        for number, (row, old_row) in enumerate(zip(rows, old_rows, strict=True), 1):
            parts += [f"\x1b[{number}H\x1b[K{row}"] if row != old_row else []
        if cursor:
            parts.append(f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H\x1b[?25h")
        self._rows, self._cursor = rows, cursor
        self.write("".join(parts))

    def redraw(self) -> None:
        """Write all rows the next time."""
        self._rows = []

    @property
    def has_typed(self) -> bool:
        """Whether a key has been read, but not returned."""
        return bool(self._typed)

    def read_key(self, seconds: float) -> str:
        """Return a character, the name of a key, or PASTED with text; "" after these seconds or after a signal.

        Raises:
            EOFError: If the terminal has hung up.
        """
        if not self._typed and not self._read(seconds):
            return ""
        while _INCOMPLETE.fullmatch(self._typed) and self._read(_ESCAPE_SECONDS):
            pass
        match = _KEY.match(self._typed)
        assert match
        self._typed = self._typed[match.end() :]
        pasted, sequence, character = match.groups()
        if pasted is not None:
            return PASTED + pasted
        return _SEQUENCES.get(sequence, "Unknown") if sequence else _CONTROLS.get(character, character)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._input, self._wake], [], [], seconds)
        if self._wake in ready:
            os.read(self._wake, 4096)
        if self._input not in ready:
            return False
        data = os.read(self._input, 4096)
        if not data:
            raise EOFError
        self._typed += self._decoder.decode(data)
        return bool(self._typed)
