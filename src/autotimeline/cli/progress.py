"""How far a long reading has come, on a terminal: a bar on stderr that goes away with its end."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Shorter work is over before a bar says anything; and to load what draws it takes a while itself.
_SECONDS = 1.0
_BETWEEN = 0.1


class Bar:
    """Call it with how much is done, of how much and of what; `end` takes it away."""

    __slots__ = ("_coloured", "_drawn", "_next", "_task")

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured
        self._drawn: Any = None
        self._task: Any = None
        self._next = time.monotonic() + _SECONDS

    def __call__(self, done: int, whole: int, what: str = "Reading the store") -> None:
        """Draw the bar, where it is time to."""
        # Nobody waits for what is done, however long it was until it began.
        if time.monotonic() < self._next or (done >= whole and self._drawn is None):
            return
        self._next = time.monotonic() + _BETWEEN
        if self._drawn is None:
            from rich.console import Console
            from rich.progress import Progress

            self._drawn = Progress(
                console=Console(stderr=True, no_color=not self._coloured), auto_refresh=False, transient=True
            )
            self._task = self._drawn.add_task(what)
            self._drawn.start()
        self._drawn.update(self._task, description=what, completed=done, total=whole, refresh=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._drawn is not None:
            self._drawn.stop()
