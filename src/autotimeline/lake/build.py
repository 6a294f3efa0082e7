"""The build of a lake from stores and feeds, on all cores and in bounded memory."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

import duckdb

from autotimeline import model
from autotimeline.api import Timeline
from autotimeline.engines.manifest import Manifest
from autotimeline.engines.opening import open_lake
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.lake import feed
from autotimeline.lake.feed import Chunk, ChunkResult, Entities, FeedIndexer
from autotimeline.lake.tables import MAX_PARTS, dump
from autotimeline.lake.writer import new_version, relation, write_part
from autotimeline.store.read import event_from_body

FEED_EXTENSIONS = (".jsonl", ".csv", ".tsv")
_CHUNK_BYTES = 8 << 20
_MAX_SHOWN = 20
Progress = Callable[[int, int], object]


def build_lake(
    inputs: Sequence[str],
    directory: str,
    options: Mapping[str, Sequence[str]],
    *,
    append: bool,
    skip_bad: bool,
    progress: Progress,
) -> tuple[int, list[str]]:
    """Build a lake, or append feeds to it; return the number of its new events and the problems of skipped records.

    `options` are those of an import, as in a mapping file. `progress` gets the work done and the total.

    Raises:
        StoreError: If a store is invalid.
        AutotimelineError: If a feed has invalid records that are not to be skipped.
    """
    feeds = [name for name in inputs if name.endswith(FEED_EXTENSIONS)]
    stores = [name for name in inputs if name not in feeds]
    if append and stores:
        raise UsageError(f"{stores[0]}: --append takes feeds; build the lake again to change its stores")
    with new_version(directory, append=append) as (manifest, scratch):
        parts = iter(range(manifest.parts, MAX_PARTS))
        dumps: list[str] = []
        entities: Entities = _entities_of_lake(directory) if append else {}

        def next_dump() -> tuple[str, int]:
            part = next(parts, None)
            if part is None:
                raise AutotimelineError(f"{directory}: more than {MAX_PARTS:,} parts; build the lake again")
            dumps.append(os.path.join(scratch, str(part)))
            manifest.parts = part + 1
            return dumps[-1], part

        if stores:
            entities = _dump_store(manifest, stores, *next_dump(), progress)
        result = _index_feeds(feeds, len(manifest.files), options, entities, next_dump, progress, skip_bad=skip_bad)
        manifest.files += feeds
        if result.pending:
            originals = _find_originals(result.pending, dumps)
            feed.write_events(result.pending, {**entities, **result.entities}, *next_dump(), originals)
        if result.entities:
            feed.write_entities(result.entities, len(manifest.files) - 1, next_dump()[0])
        return write_part(manifest, directory, dumps, scratch, progress), result.problems


def _dump_store(manifest: Manifest, stores: Sequence[str], directory: str, part: int, progress: Progress) -> Entities:
    """Write the tables of the index of stores, and return their actors and sources."""
    with Timeline(stores, progress=progress) as timeline:
        timeline.check()
        manifest.files = list(timeline.files)
        dump(timeline.index, directory, part)
        return _read_entities(timeline.index.execute(_ENTITIES))


def _entities_of_lake(directory: str) -> Entities:
    db, _ = open_lake(directory)
    return _read_entities(db.execute(_ENTITIES))


_ENTITIES = "SELECT kind, id, body FROM entity WHERE kind IN ('actor', 'source')"


def _read_entities(rows: Iterable[tuple[str, str, str]]) -> Entities:
    return {(kind, id): json.loads(body) for kind, id, body in rows}


def _index_feeds(
    feeds: Sequence[str],
    first_file: int,
    options: Mapping[str, Sequence[str]],
    entities: Entities,
    next_dump: Callable[[], tuple[str, int]],
    progress: Progress,
    *,
    skip_bad: bool,
) -> ChunkResult:
    """Index feeds in as many processes as there are cores, a few chunks ahead, and return the results together."""
    total, done, all_results = sum(map(_size, feeds)), 0, ChunkResult()
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, initializer=_start_worker, initargs=(options, entities)) as pool:
        running: dict[Future[ChunkResult], int] = {}
        chunks = _read_chunks(feeds, first_file)
        while True:
            while len(running) < 2 * cores and (chunk := next(chunks, None)):
                running[pool.submit(_index_chunk, chunk, *next_dump())] = len(chunk.data)
            if not running:
                return all_results
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                result = future.result()
                done += running.pop(future)
                progress(min(done, total), total)
                all_results.merge(result)
            if all_results.problems and not skip_bad:
                pool.shutdown(cancel_futures=True)
                shown = all_results.problems[:_MAX_SHOWN]
                raise AutotimelineError(*shown, "no lake was written; fix these records, or skip them with --skip-bad")


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _read_chunks(feeds: Sequence[str], first_file: int) -> Iterator[Chunk]:
    """Yield the records of feeds in chunks of whole lines; a table of CSV has its header in each chunk."""
    for number, name in enumerate(feeds, first_file):
        with open(name, "rb") as file:
            header = b"" if name.endswith(".jsonl") else file.readline()
            line, offset = (1, 0) if not header else (2, 1)
            lines: list[bytes] = []
            size, quotes = 0, 0
            for text in file:
                lines.append(text)
                size += len(text)
                # A cell in quotes may contain line breaks.
                quotes += text.count(b'"') if header else 0
                if size >= _CHUNK_BYTES and quotes % 2 == 0:
                    yield Chunk(number, name, header + b"".join(lines), line - offset)
                    line, lines, size = line + len(lines), [], 0
            if lines:
                yield Chunk(number, name, header + b"".join(lines), line - offset)


_worker: FeedIndexer


def _start_worker(options: Mapping[str, Sequence[str]], entities: Entities) -> None:
    global _worker
    _worker = FeedIndexer(options, entities)


def _index_chunk(chunk: Chunk, directory: str, part: int) -> ChunkResult:
    return _worker.index_chunk(chunk, directory, part)


def _find_originals(pending: Sequence[feed.LocatedEvent], dumps: Sequence[str]) -> dict[str, model.Event]:
    """Return the events of other chunks and of stores whose figures are repeated, as they are indexed."""
    own = {event.id for *_, event in pending}
    ids = sorted({id for *_, event in pending for id in feed.repeated_ids(event)} - own)
    sql = (
        f"SELECT e.id, d.body FROM {relation('event', dumps)} e JOIN {relation('detail', dumps)} d"
        " ON d.event = e.number WHERE e.id IN (SELECT UNNEST(?))"
    )
    found = duckdb.connect().execute(sql, [ids]).fetchall()
    return {id: event_from_body(json.loads(body)) for id, body in found}
