"""`toml`: TOML 1.0, a store where the view has one to give, else a list of rows."""

from __future__ import annotations

from autotimeline.formats._lines import pour
from autotimeline.store.toml_writer import block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

    from autotimeline.render.canvas import Paper
    from autotimeline.table import Block, Table

ENDINGS: tuple[str, ...] = (".toml",)
COMPLETE = True


def write(table: Table, out: TextIO, paper: Paper, flags: frozenset[str]) -> None:
    """Write block after block, a blank line between them; absent values are left out.

    Raises:
        AutotimelineError: A text holds half of a surrogate pair. Nothing of its block is written.
    """
    pour(_texts(table.blocks() if table.blocks else _rows(table)), out)


def _rows(table: Table) -> Iterator[Block]:
    names = [column.name for column in table.columns]
    for row in table.rows:
        yield "row", _present(dict(zip(names, row, strict=True)))


def _present(value: Any) -> Any:
    """Return the value without the absent ones in it: TOML has no null."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value if item is not None] if isinstance(value, list) else value


def _texts(blocks: Iterator[Block]) -> Iterator[str]:
    blank = ""
    for header, keys in blocks:
        yield blank + block(header, keys)
        blank = "\n"
