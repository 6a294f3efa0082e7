"""List and load plug-ins, which are the modules of a package."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def list_names(package: ModuleType) -> list[str]:
    """Return the sorted names of the plug-ins, with `-` for `_`; a file with a leading `_` is not a plug-in."""
    modules = {entry.split(".")[0] for entry in os.listdir(package.__path__[0]) if entry.endswith(".py")}
    return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))


def load(package: ModuleType, name: str) -> ModuleType:
    """Import the plug-in of that name, one of `list_names(package)`."""
    path = f"{package.__name__}.{name.replace('-', '_')}"
    # `importlib.import_module` does the same, but importlib adds to start-up.
    __import__(path)
    return sys.modules[path]


def load_by_extension(package: ModuleType, path: str) -> ModuleType | None:
    """Import the plug-in that has the extension of the path in `EXTENSIONS`, in any case; None if there is none."""
    for name in list_names(package):
        plugin = load(package, name)
        if path.lower().endswith(plugin.EXTENSIONS):
            return plugin
    return None


def find(package: ModuleType, name: str) -> ModuleType | None:
    """Import the plug-in of a name; None if there is none. Unlike `list_names`, this does not list the directory."""
    if "_" in name or name.startswith("-") or not name.replace("-", "_").isidentifier():
        return None
    try:
        return load(package, name)
    except ModuleNotFoundError as error:
        if error.name != f"{package.__name__}.{name.replace('-', '_')}":
            raise
        return None
