"""The tools that are compared, a file each; what they share is in `_tool.py` and `_sql.py`.

A new tool is a new file here, with its tools in `TOOLS`; nothing else has to know of it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools._tool import Tool


def load() -> dict[str, Tool]:
    """Return every tool by the name that the tables use, autotimeline first."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    names.sort(key=lambda name: name != "autotimeline")
    return {tool.name: tool for name in names for tool in import_module(f"tools.{name}").TOOLS}
