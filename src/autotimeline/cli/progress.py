"""A progress bar on stderr for long reads."""

import time
from typing import Any, TextIO

# Shorter reads end before a bar is useful, and loading Rich takes time itself.
_DELAY_SECONDS = 1.0
_INTERVAL_SECONDS = 0.1


class ProgressBar:
    """A progress bar, drawn by calling it with the bytes or rows done and their total; `close` removes it."""

    def __init__(self, stream: TextIO | None, *, color: bool) -> None:
        self._stream = stream
        self._color = color
        self._progress: Any = None
        self._task: Any = None
        self._next_update = time.monotonic() + _DELAY_SECONDS

    def __call__(self, done: int, total: int, description: str = "Reading the store") -> None:
        """Draw the bar, at most every tenth of a second."""
        # A read that is complete needs no bar, however late it started.
        if time.monotonic() < self._next_update or (done >= total and self._progress is None):
            return
        self._next_update = time.monotonic() + _INTERVAL_SECONDS
        if self._progress is None:
            from rich.console import Console
            from rich.progress import Progress

            console = Console(file=self._stream, no_color=not self._color)
            self._progress = Progress(console=console, auto_refresh=False, transient=True)
            self._task = self._progress.add_task(description)
            self._progress.start()
        self._progress.update(self._task, description=description, completed=done, total=total, refresh=True)

    def close(self) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()
