"""Apache Spark, the engine of lakes on a cluster, through a Spark Connect server (extra `spark`)."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from pyspark.errors import PySparkException
from pyspark.sql.connect.session import SparkSession

from autotimeline.engines.dialect import LakeDatabase
from autotimeline.engines.manifest import parse_manifest
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.store.locate import LAKE_MANIFEST, SPARK_PREFIX

_TIMEOUT_SECONDS = 5


class Connection(LakeDatabase):
    """A connection to a lake."""

    SPELLINGS: Mapping[str, str] = {
        "json_extract(": "GET_JSON_OBJECT(",
        "json_group_array(json_array(low, high, uncertain))": (
            "TO_JSON(COLLECT_LIST(ARRAY(low, high, CAST(uncertain AS BIGINT))))"
        ),
        "SELECT value FROM json_each(?)": "SELECT EXPLODE(FROM_JSON(?, 'array<bigint>'))",
        "GROUP_CONCAT(": "STRING_AGG(",
    }

    def __init__(self, name: str) -> None:
        address = re.fullmatch(r"([^/]+:\d+)(/.+)", name.removeprefix(SPARK_PREFIX))
        if not address:
            raise UsageError(f"{name}: not an address of a lake; write {SPARK_PREFIX}HOST:15002/DIR")
        self._name, (server, directory) = name, address.groups()
        with spark_errors(name):
            self._session = connect(server)
            texts = self._session.read.text(os.path.join(directory, LAKE_MANIFEST), wholetext=True)
            super().__init__(parse_manifest(texts.collect()[0][0], name), directory)

    def _rows(self, sql: str, params: Sequence[Any]) -> Iterator[Any]:
        with spark_errors(self._name):
            yield from self._session.sql(sql, args=list(params)).toLocalIterator()

    def _create_view(self, table: str, paths: Sequence[str]) -> None:
        with spark_errors(self._name):
            # With its columns, Spark need not open a file to create the view.
            rows = self._session.read.schema(self.manifest.columns[table]).parquet(*paths)
            rows.createOrReplaceTempView(table)

    def close(self) -> None:
        """Close the session."""
        self._session.stop()


def connect(server: str) -> SparkSession:
    """Return a new session of a Spark Connect server, `HOST:PORT`."""
    # Without this check, the client tries for ten minutes.
    with grpc.insecure_channel(server) as channel:
        grpc.channel_ready_future(channel).result(timeout=_TIMEOUT_SECONDS)
    return SparkSession.builder.remote(f"sc://{server}").create()


@contextmanager
def spark_errors(name: str) -> Iterator[None]:
    """Raise errors of Spark and of the connection as AutotimelineError; `name` is what was asked."""
    try:
        yield
    except grpc.FutureTimeoutError:
        what = f"{name}: no Spark Connect server answers; start it with Java 17, see docs/lake.md"
        raise AutotimelineError(what) from None
    except (PySparkException, grpc.RpcError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise AutotimelineError(f"{name}: {reason}; build the lake again, or look at the server") from None
