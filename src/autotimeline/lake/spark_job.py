"""The derivation of feeds as a job of Apache Spark, whose workers see the feeds and the lake at the same paths."""

import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from autotimeline.engines.spark import connect, spark_errors
from autotimeline.lake.chunks import Chunk, Task, index_chunk
from autotimeline.lake.feed import ChunkResult, Entities, FeedIndexer
from autotimeline.store.locate import SPARK_PREFIX

_AT_ONCE = 256


def run_on_spark(
    server: str, options: Mapping[str, Sequence[str]], entities: Entities, tasks: Iterable[Task]
) -> Iterator[tuple[Chunk, ChunkResult]]:
    """Index chunks in the workers of a cluster, which have this program; yield each with its result."""

    def index_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        indexer = FeedIndexer(options, entities)
        for batch in batches:
            # Only our own processes write these bytes.
            chunks = [pickle.loads(task) for task in batch.column(0).to_pylist()]  # noqa: S301
            results = [pickle.dumps((task[0], index_chunk(indexer, *task))) for task in chunks]
            yield pa.RecordBatch.from_arrays([pa.array(results, pa.binary())], ["result"])

    remaining = list(tasks)
    with spark_errors(server):
        session = connect(server.removeprefix(SPARK_PREFIX))
        while remaining:
            batch, remaining = remaining[:_AT_ONCE], remaining[_AT_ONCE:]
            rows = [
                (pickle.dumps((replace(chunk, name=os.path.abspath(chunk.name)), os.path.abspath(directory), part)),)
                for chunk, directory, part in batch
            ]
            frame = session.createDataFrame(rows, "task binary").repartition(len(rows))
            for row in frame.mapInArrow(index_batches, "result binary").collect():
                yield pickle.loads(row[0])  # noqa: S301  # written by index_batches
