"""The build of a lake from stores and feeds, on all cores and in bounded memory."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import duckdb

from autotimeline import model
from autotimeline.api import Timeline
from autotimeline.engines.manifest import Manifest
from autotimeline.engines.opening import open_lake
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.lake import feed
from autotimeline.lake.chunks import FEED_EXTENSIONS, Chunk, Job, Task, read_chunks, run_in_processes
from autotimeline.lake.feed import ChunkResult, Entities
from autotimeline.lake.tables import MAX_PARTS, dump
from autotimeline.lake.writer import new_version, relation, write_part
from autotimeline.store.read import event_from_body

_MAX_SHOWN = 20
Progress = Callable[[int, int], object]


def build_lake(
    inputs: Sequence[str],
    directory: str,
    options: Mapping[str, Sequence[str]],
    *,
    append: bool,
    skip_bad: bool,
    engine: str,
    progress: Progress,
) -> tuple[int, list[str]]:
    """Build a lake, or append feeds to it; return the number of its new events and the problems of skipped records.

    `options` are those of an import, as in a mapping file. `engine` is empty, or the address of a Spark Connect server
    that shares the directory. `progress` gets the work done and the total.

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
        first_file = len(manifest.files)
        manifest.files += feeds
        run = partial(_choose_job(engine), options, entities)
        result = _index_feeds(feeds, first_file, next_dump, run, progress, skip_bad=skip_bad)
        if result.pending:
            originals = _find_originals(result, manifest, directory, dumps)
            feed.write_events(result.pending, {**entities, **result.entities}, *next_dump(), originals)
        if result.problems and not skip_bad:
            shown = result.problems[:_MAX_SHOWN]
            raise AutotimelineError(*shown, "no lake was written; fix these records, or skip them with --skip-bad")
        if result.entities:
            feed.write_entities(result.entities, len(manifest.files) - 1, next_dump()[0])
        return write_part(manifest, directory, dumps, scratch, progress), result.problems


def _choose_job(engine: str) -> Job:
    if not engine:
        return run_in_processes
    # Only this job needs the extra `spark`.
    from autotimeline.lake.spark_job import run_on_spark

    return partial(run_on_spark, engine)


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
    next_dump: Callable[[], tuple[str, int]],
    run: Callable[[Iterable[Task]], Iterable[tuple[Chunk, ChunkResult]]],
    progress: Progress,
    *,
    skip_bad: bool,
) -> ChunkResult:
    """Index the chunks of feeds, and return the results together."""
    total, done, all_results = sum(map(_size, feeds)), 0, ChunkResult()
    tasks = ((chunk, *next_dump()) for chunk in read_chunks(feeds, first_file))
    for chunk, result in run(tasks):
        done += chunk.size
        progress(min(done, total), total)
        all_results.merge(result)
        if not skip_bad and len(all_results.problems) >= _MAX_SHOWN:
            break
    return all_results


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError as error:
        raise AutotimelineError(f"{path}: {error_reason(error)}") from None


def _find_originals(
    result: ChunkResult, manifest: Manifest, directory: str, dumps: Sequence[str]
) -> dict[str, model.Event]:
    """Return the events of other chunks and of stores whose figures are repeated, as they are indexed.

    An event that repeats a figure of an event that does not exist becomes a problem.
    """
    # A lake that is appended to has originals, too.
    tables = [
        relation(table, dumps, [os.path.join(directory, path) for path in manifest.paths(table)])
        for table in ("event", "detail")
    ]
    own = {event.id for *_, event in result.pending}
    ids = sorted({id for *_, event in result.pending for id in feed.repeated_ids(event)} - own)
    sql = (
        f"SELECT e.id, d.body FROM {tables[0]} e JOIN {tables[1]} d ON d.event = e.number"
        " WHERE e.id IN (SELECT UNNEST(?))"
    )
    rows = duckdb.connect().execute(sql, [ids]).fetchall()
    originals = {id: event_from_body(json.loads(body)) for id, body in rows}
    for item in list(result.pending):
        file, line, event = item
        if missing := next((id for id in feed.repeated_ids(event) if id not in originals and id not in own), None):
            result.pending.remove(item)
            result.problems.append(
                f'{manifest.files[file]}:{line}: event "{event.id}" repeats "{missing}", which does not exist'
            )
    return originals
