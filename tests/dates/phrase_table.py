"""The table of phrases: kind, text, and its outcome in a store, typed, and in a cell; empty if it is as in a store."""

import csv
from pathlib import Path


def _read_table() -> list[list[str]]:
    with Path(__file__).with_name("phrases.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")]
    return [[*row, "", ""][:5] for row in rows]


ROWS = _read_table()
