"""Feeds in chunks, each of which one process indexes."""

import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autotimeline.errors import AutotimelineError, error_reason
from autotimeline.lake.feed import ChunkResult, Entities, FeedIndexer
from autotimeline.processes import job_count, map_in_children

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
    """Index chunks in several processes; yield each with its result, in order."""
    all_tasks, indexer = list(tasks), FeedIndexer(options, entities)

    def index(number: int) -> bytes:
        return pickle.dumps(index_chunk(indexer, *all_tasks[number]))

    results = map_in_children(index, len(all_tasks), job_count())
    for task, data in zip(all_tasks, results, strict=True):
        # This process finds out why a child failed. Only a child writes these bytes.
        yield task[0], pickle.loads(data) if data else index_chunk(indexer, *task)  # noqa: S301


def index_chunk(indexer: FeedIndexer, chunk: Chunk, directory: str, part: int) -> ChunkResult:
    """Write the tables of a chunk to a directory."""
    shutil.rmtree(directory, ignore_errors=True)
    return indexer.index_records(chunk.name, chunk.read(), (chunk.file, chunk.first_line), directory, part)
