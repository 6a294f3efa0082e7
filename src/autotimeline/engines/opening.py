"""The choice of the engine of a lake."""

from collections.abc import Sequence

from autotimeline.engines.database import Database
from autotimeline.engines.dialect import LakeDatabase
from autotimeline.errors import AutotimelineError
from autotimeline.store.locate import SPARK_PREFIX


def open_lake(name: str) -> tuple[Database, Sequence[str]]:
    """Return a connection to a lake, a directory or a `spark://` address, and the names of its stores and feeds.

    Raises:
        AutotimelineError: If the packages of the engine are missing, or the lake cannot be read.
    """
    extra = "spark" if name.startswith(SPARK_PREFIX) else "lake"
    try:
        connection = _connect(name, extra)
    except ImportError as error:
        what = f"{name}: missing package {error.name or str(error)}"
        raise AutotimelineError(f"{what}; install it with pip install 'autotimeline[{extra}]'") from None
    return connection, connection.manifest.files


def _connect(name: str, extra: str) -> LakeDatabase:
    # Each engine needs packages that the others do not need.
    if extra == "spark":
        from autotimeline.engines import spark

        return spark.Connection(name)
    from autotimeline.engines import duckdb

    return duckdb.Connection(name)
