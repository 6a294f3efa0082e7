"""Feeds in chunks, each of which one process indexes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.lake.feed import ChunkResult, Entities, FeedIndexer
from autotimeline.processes import job_count

FEED_EXTENSIONS = (".jsonl", ".csv", ".tsv")
_CHUNK_BYTES = 8 << 20


@dataclass(frozen=True)
class Chunk:
    """Whole records of a feed.

    Attributes:
        file: The number of the feed in the lake.
        header: The first line of CSV; empty for JSON lines.
        offset: The position of the first byte, and `size` the number of bytes.
        first_line: The line of the feed, from 1, where the header or else the first record would begin.
    """

    file: int
    name: str
    header: bytes
    offset: int
    size: int
    first_line: int

    def read(self) -> bytes:
        """Return the header and the records."""
        with open(self.name, "rb") as file:
            file.seek(self.offset)
            return self.header + file.read(self.size)


# A chunk, the directory for its tables, and the number of its part of the lake.
Task = tuple[Chunk, str, int]
Job = Callable[[Mapping[str, Sequence[str]], Entities, Iterable[Task]], Iterator[tuple[Chunk, ChunkResult]]]


def read_chunks(feeds: Sequence[str], first_file: int) -> Iterator[Chunk]:
    """Yield the chunks of feeds; a table of CSV has its header in each chunk."""
    for number, name in enumerate(feeds, first_file):
        try:
            with open(name, "rb") as file:
                header = b"" if name.endswith(".jsonl") else file.readline()
                line = bool(header) + 1
                offset, size, lines, quotes = len(header), 0, 0, 0
                for text in file:
                    size += len(text)
                    lines += 1
                    # A cell in quotes may contain line breaks.
                    quotes += text.count(b'"') if header else 0
                    if size >= _CHUNK_BYTES and quotes % 2 == 0:
                        yield Chunk(number, name, header, offset, size, line - bool(header))
                        offset, line, size, lines = offset + size, line + lines, 0, 0
                if size:
                    yield Chunk(number, name, header, offset, size, line - bool(header))
        except OSError as error:
            raise AutotimelineError(f"{name}: {error_reason(error)}") from None


def run_in_processes(
    options: Mapping[str, Sequence[str]], entities: Entities, tasks: Iterable[Task]
) -> Iterator[tuple[Chunk, ChunkResult]]:
    """Index chunks in several processes, a few chunks ahead; yield each with its result."""
    jobs, remaining = job_count(), iter(tasks)
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(options, entities)) as pool:
        running: dict[Future[ChunkResult], Chunk] = {}
        while True:
            for task in islice(remaining, 2 * jobs - len(running)):
                running[pool.submit(_index_chunk, *task)] = task[0]
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


_worker: FeedIndexer


def _start_worker(options: Mapping[str, Sequence[str]], entities: Entities) -> None:
    global _worker
    _worker = FeedIndexer(options, entities)


def _index_chunk(chunk: Chunk, directory: str, part: int) -> ChunkResult:
    return index_chunk(_worker, chunk, directory, part)


def index_chunk(indexer: FeedIndexer, chunk: Chunk, directory: str, part: int) -> ChunkResult:
    """Write the tables of a chunk to a directory."""
    return indexer.index_records(chunk.name, chunk.read(), (chunk.file, chunk.first_line), directory, part)
