"""Dated, sourced facts in one plain-text file, and queries on them."""

from __future__ import annotations

from autotimeline.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.api import Timeline, open

__all__ = ["Timeline", "__version__", "open"]


def __dir__() -> list[str]:
    """Return the public names, including those that are not loaded yet."""
    return __all__


def __getattr__(name: str) -> object:
    """Return a public name from `api`, loaded on first use: the command line does not need it."""
    if name in __all__:
        from autotimeline import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
