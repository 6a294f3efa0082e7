"""How far a long reading has come, on a terminal: a bar on stderr that goes away with its end."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Shorter work is over before a bar says anything; and to load what draws it takes a while itself.
_DELAY_SECONDS = 1.0
_INTERVAL_SECONDS = 0.1


class ProgressBar:
    """Call it with how much is done, of how much and of what; `end` takes it away."""

    __slots__ = ("_color", "_next_update", "_progress", "_task")

    def __init__(self, *, color: bool) -> None:
        self._color = color
        self._progress: Any = None
        self._task: Any = None
        self._next_update = time.monotonic() + _DELAY_SECONDS

    def __call__(self, done: int, total: int, description: str = "Reading the store") -> None:
        """Draw the bar, where it is time to."""
        # Nobody waits for what is done, however long it was until it began.
        if time.monotonic() < self._next_update or (done >= total and self._progress is None):
            return
        self._next_update = time.monotonic() + _INTERVAL_SECONDS
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(
                console=Console(stderr=True, no_color=not self._color), auto_refresh=False, transient=True
            )
            self._task = self._progress.add_task(description)
            self._progress.start()
        self._progress.update(self._task, description=description, completed=done, total=total, refresh=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
