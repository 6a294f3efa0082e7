"""A plug-in is a file: list the modules of a folder, and load one by its name."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def list_names(package: ModuleType) -> list[str]:
    """Return the names of the package's modules, sorted; `_` in a file's name is `-` in its plug-in's.

    A file that starts with `_` is none, so that a folder may keep what its plug-ins share.
    """
    modules = {entry.split(".")[0] for entry in os.listdir(package.__path__[0]) if entry.endswith(".py")}
    return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))


def load(package: ModuleType, name: str) -> ModuleType:
    """Import the plug-in of that name, which must be one of `names(package)`."""
    path = f"{package.__name__}.{name.replace('-', '_')}"
    # What `importlib.import_module` does, without importing `importlib`.
    __import__(path)
    return sys.modules[path]


def load_by_extension(package: ModuleType, path: str) -> ModuleType | None:
    """Import the plug-in of which the path has one of its `EXTENSIONS`, in whatever case; None where there is none."""
    for name in list_names(package):
        plugin = load(package, name)
        if path.lower().endswith(plugin.EXTENSIONS):
            return plugin
    return None


def find(package: ModuleType, name: str) -> ModuleType | None:
    """Import the plug-in of a name; None if there is none. Unlike `list_names`, this does not list the directory."""
    if "_" in name or not name.replace("-", "_").isidentifier():
        return None
    try:
        return load(package, name)
    except ModuleNotFoundError as error:
        if error.name != f"{package.__name__}.{name.replace('-', '_')}":
            raise
        return None
