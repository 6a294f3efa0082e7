"""A small table with everything in it that has hurt a format before, and a way to write it."""

from __future__ import annotations

import io
from decimal import Decimal

from autotimeline import formats
from autotimeline.plugins import load
from autotimeline.render.canvas import Canvas
from autotimeline.table import Column, Table

HOSTILE = "[/foo] [sic] :smile: \x1b]0;pwned\x07 \u202eRTL\u202c e\u0301 日本 🚗\tx\n\"q\" \\ 'a|b'"

COLUMNS = [
    Column("id"),
    Column("date"),
    Column("match", marks={"certain": "", "possible": "?"}),
    Column("status", marks={"happened": "●", "planned": "○"}),
    Column("title"),
    Column("count"),
    Column("tags"),
    Column("figures", item_to_text=lambda figure: f"{figure['metric']} {figure['text']}"),
    Column("note"),
]

STAKE = {"metric": "stake", "text": "~20%", "low": Decimal("18.00"), "high": None, "about": True}

ROWS = [
    ["deal", "2023-10", "certain", "happened", "Plans to buy about 20%", Decimal("1.50"), ["ev", "a;b"], [STAKE], None],
    ["plant-opens", "by 2026-12", "possible", "planned", HOSTILE, 12, [], [], None],
    ["sum", "2025", "certain", "happened", "=1+1", -5, ["@x"], [], None],
]

FOOTER = ["1 of 3 may fall outside; 2 undated left out"]


def sample() -> Table:
    return Table(COLUMNS, iter(ROWS), footer=lambda: FOOTER)


def strings(rows: list[list[str]], width: int) -> Table:
    return Table([Column(f"c{i}") for i in range(width)], iter(rows))


def render(name: str, table: Table, *flags: str, paper: Canvas | None = None) -> str:
    out = io.StringIO(newline="")
    load(formats, name).write(table, out, paper or Canvas(None), frozenset(flags))
    return out.getvalue()
