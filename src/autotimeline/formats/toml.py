"""`toml`: the store behind the rows if the view provides it, or else a list of rows, as TOML 1.0."""

from collections.abc import Iterator
from typing import Any, TextIO

from autotimeline.formats._lines import write_lines
from autotimeline.render.canvas import Canvas
from autotimeline.store.toml_writer import format_block
from autotimeline.table import StoreBlock, Table

EXTENSIONS: tuple[str, ...] = (".toml",)
ALL_FIELDS_BY_DEFAULT = True


def write(table: Table, out: TextIO, canvas: Canvas, flags: frozenset[str]) -> None:
    """Write the blocks, separated by blank lines; absent values are omitted.

    Raises:
        AutotimelineError: If a text contains a lone surrogate. Nothing of its block is written.
    """
    write_lines(_block_texts(table.store_blocks() if table.store_blocks else _row_blocks(table)), out)


def _row_blocks(table: Table) -> Iterator[StoreBlock]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        yield "row", _without_none(dict(zip(names, row, strict=True)))


def _without_none(value: Any) -> Any:
    """Return the value without None in it, because TOML has no null."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value if item is not None] if isinstance(value, list) else value


def _block_texts(blocks: Iterator[StoreBlock]) -> Iterator[str]:
    separator = ""
    for header, keys in blocks:
        yield separator + format_block(header, keys)
        separator = "\n"
