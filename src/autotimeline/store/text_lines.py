"""The lines of a file, found when they are needed: a list of millions takes more memory than the file."""

from bisect import bisect_left
from itertools import accumulate

_STEP = 1 << 14


class TextLines:
    """The lines of a UTF-8 text as `split_lines` returns them, counted from 0."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        # The line ends before each step.
        steps = range(0, len(data), _STEP)
        self._line_ends = list(accumulate((data.count(b"\n", start, start + _STEP) for start in steps), initial=0))

    def __len__(self) -> int:
        return self._line_ends[-1] + (not self._data.endswith(b"\n") if self._data else 0)

    def __getitem__(self, index: int) -> str:
        return self.text(index, index + 1)

    def bytes(self, first: int = 0, end: int | None = None) -> bytes:
        """Return the bytes from the first line up to the line `end`, or to the last line."""
        return self._data[self._offset(first) : None if end is None else self._offset(end)]

    def text(self, first: int, end: int | None = None) -> str:
        """Return the text from the first line up to the line `end`, or to the last line."""
        return self.bytes(first, end).decode()

    def _offset(self, line: int) -> int:
        """Return the position of the first byte of a line; that after the last byte if there is no such line."""
        step = max(bisect_left(self._line_ends, line) - 1, 0)
        offset = step * _STEP
        for _ in range(line - self._line_ends[step]):
            offset = self._data.find(b"\n", offset) + 1 or len(self._data)
        return offset
