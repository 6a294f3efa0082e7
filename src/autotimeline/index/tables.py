"""The tables of an index."""

import os
import re
from collections.abc import Container

from autotimeline.engines.sqlite import sqlite3

# The statements that create an index, or the table for searches.
_CREATE_INDEX = re.compile(
    r"CREATE (?:INDEX (?P<index>\w+)|VIRTUAL TABLE (?P<table>\w+) USING fts5 (?P<columns>.*), tok)"
)


def create_tables(db: sqlite3.Connection, indexes: Container[str] | None = None) -> None:
    """Create the tables of an empty index, within the current transaction.

    Args:
        db: The database.
        indexes: For a part that is merged into an index, the few database indexes that its building needs.
    """
    with open(os.path.join(os.path.dirname(__file__), "schema.sql"), encoding="utf-8") as file:
        for statement in file.read().split(";\n"):
            created = _CREATE_INDEX.search(statement)
            if indexes is None or not created:
                db.execute(statement)
            elif created["table"]:
                db.execute(f"CREATE TABLE {created['table']} {created['columns']})")
            elif created["index"] in indexes:
                db.execute(statement)
