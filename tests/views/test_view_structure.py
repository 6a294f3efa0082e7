"""Views arrange, `render` draws: no view measures, pads, or wraps text, and no table changes after it is made."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from autotimeline import table, views

VIEWS = sorted(Path(views.__path__[0]).glob("*.py"))
PADDING = {"ljust", "rjust", "center", "expandtabs", "wrap", "fill", "pad", "truncate", "measure", "width"}
# An alignment, or a width; `04` writes a year.
PADDED_FORMAT = re.compile(r"[<>^]|(?<!\d)[1-9]")


def column_arithmetic(source: str) -> list[str]:
    """Return what a module does that only `render` may do."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        names = [node.arg] if isinstance(node, ast.arg) else [node.id] if isinstance(node, ast.Name) else []
        names += [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
        faults += [name for name in names if name in ("canvas", "Canvas", "textwrap")]
        if isinstance(node, ast.Attribute) and node.attr in PADDING:
            faults.append(node.attr)
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            spec = ast.unparse(node.format_spec)[2:-1]
            faults += [spec] if PADDED_FORMAT.search(spec) else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            sides = (node.left, node.right)
            if any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides):
                faults.append(ast.unparse(node))
    return faults


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_a_view_does_no_column_arithmetic(path):
    assert column_arithmetic(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("def draw(canvas): pass", ["canvas"]),
        ("from autotimeline.render.canvas import Canvas", ["Canvas"]),
        ("import textwrap", ["textwrap"]),
        ("text.ljust(9)", ["ljust"]),
        ("page.width - 2", ["width"]),
        ("' ' * (9 - len(text))", ["' ' * (9 - len(text))"]),
        ("f'{text:<9}'", ["<9"]),
        ("f'{text:9}'", ["9"]),
        ("f'{text:{size}}'", []),
        ("f'{year:04} {count:,}'", []),
        ("from autotimeline.render.canvas import STATUS_MARKS", []),
    ],
)
def test_what_column_arithmetic_is(source, faults):
    assert column_arithmetic(source) == faults


@pytest.mark.parametrize("name", ["Column", "Table"])
def test_all_attributes_are_final(name):
    # Mypy then rejects every change from outside.
    source = ast.parse(Path(table.__file__).read_text("utf-8"))
    (made,) = (node for node in ast.walk(source) if isinstance(node, ast.ClassDef) and node.name == name)
    attributes = {}
    for node in ast.walk(made):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Attribute):
                attributes[target.attr] = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else None
    assert attributes == dict.fromkeys(getattr(table, name).__slots__, "Final")
