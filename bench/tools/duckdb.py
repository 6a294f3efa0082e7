"""DuckDB's shell, on a file of CSV and on one of Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools._sql import questions
from tools._tool import CSV, Place, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence


class DuckDB(Tool):
    """DuckDB on one kind of file."""

    program = "duckdb"
    index = "duckdb-cli"
    form = CSV

    def __init__(self, kind: str) -> None:
        self.name = f"DuckDB on {kind}"
        self.file = f"events.{kind.lower()}"

    def load(self, at: Place) -> Sequence[Sequence[str]]:
        """Return how Parquet is made of the CSV."""
        if self.file == CSV.file:
            return ()
        return [(at.program, "-c", f"COPY (FROM '{CSV.file}') TO '{self.file}' (FORMAT parquet)")]

    def ask(self, at: Place) -> dict[str, Sequence[str]]:
        """Return the commands."""
        asked = (at.program, "-csv", "-noheader", "-c")
        return {question: (*asked, sql) for question, sql in questions(f"'{self.file}'").items()}


TOOLS = [DuckDB("CSV"), DuckDB("Parquet")]
