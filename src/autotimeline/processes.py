"""Work in several processes: forked children that each send back bytes."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress


def job_count() -> int:
    """Return the number of processes to use: AUTOTIMELINE_JOBS, or one per processor; 1 if this process cannot fork."""
    threading = sys.modules.get("threading")
    # A child of a process with threads may inherit a lock that nobody releases.
    if not hasattr(os, "fork") or (threading and threading.active_count() > 1):
        return 1
    jobs = os.environ.get("AUTOTIMELINE_JOBS", "")
    if jobs.isdecimal():
        return max(int(jobs), 1)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_children(function: Callable[[int], bytes], count: int, jobs: int) -> Generator[bytes, None, None]:
    """Yield the results of a function for 0 to `count` - 1 in order, each from a child; `jobs` of them run at a time.

    A child ends with its parent: it cannot send its result then. No bytes are the result of a child that failed.
    """
    running: deque[tuple[int, int]] = deque()
    try:
        for number in range(count + jobs):
            if number >= jobs and running:
                yield _receive(*running.popleft())
            if number < count:
                running.append(_start(function, number))
    finally:
        for process, pipe in running:
            os.close(pipe)
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _start(function: Callable[[int], bytes], number: int) -> tuple[int, int]:
    """Start a child, and return its id and the pipe that it writes to."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.close(reading)
        with open(writing, "wb") as pipe:
            pipe.write(function(number))
    finally:
        # No other cleanup: the files and connections are the parent's.
        os._exit(0)


def _receive(process: int, reading: int) -> bytes:
    with open(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(process, 0)
    return data
