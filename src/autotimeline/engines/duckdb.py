"""DuckDB, the engine of lakes on one machine (extra `lake`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

try:
    # The package `duckdb` would add 0.2 seconds to every start.
    import _duckdb as duckdb
except ImportError:  # another version
    import duckdb  # type: ignore[no-redef]

from autotimeline.engines.dialect import LakeDatabase
from autotimeline.engines.manifest import read_manifest
from autotimeline.errors import AutotimelineError, error_reason

# The rest of 2 GB is for Python and for what DuckDB does not count.
_CONFIG: dict[str, Any] = {"default_null_order": "sqlite", "memory_limit": "1400MB"}
_BATCH = 1000


class Connection(LakeDatabase):
    """A connection to a lake."""

    SPELLINGS: Mapping[str, str] = {
        "json_extract(": "json_extract_string(",
        "json_group_array(json_array(low, high, uncertain))": "CAST(TO_JSON(LIST([low, high, uncertain])) AS VARCHAR)",
        "SELECT value FROM json_each(?)": "SELECT UNNEST(CAST(? AS BIGINT[]))",
    }

    def __init__(self, directory: str) -> None:
        super().__init__(read_manifest(directory), directory)
        self._db = duckdb.connect(config=_CONFIG)

    def _create_view(self, table: str, paths: Sequence[str]) -> None:
        files = ", ".join(map(quote, paths))
        list(self._rows(f"CREATE VIEW {table} AS FROM read_parquet([{files}], hive_partitioning = false)", ()))

    def _rows(self, sql: str, params: Sequence[Any]) -> Iterator[Any]:
        try:
            cursor = self._db.cursor().execute(sql, list(params))
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        except duckdb.OutOfMemoryException:
            raise AutotimelineError(f"{self._directory}: not enough memory; add terms, or query it on Spark") from None
        except (duckdb.Error, OSError) as error:
            reason = error_reason(error) if isinstance(error, OSError) else str(error).partition("\n")[0]
            raise AutotimelineError(f"{self._directory}: {reason}; build it again with `autotimeline lake`") from None

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def quote(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"
