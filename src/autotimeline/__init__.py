"""Dated, sourced facts in one plain-text file, and questions about them."""

from __future__ import annotations

from autotimeline.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.api import Timeline, open

__all__ = ["Timeline", "__version__", "open"]


def __dir__() -> list[str]:
    """List the public names, of which most are loaded only when asked for."""
    return __all__


def __getattr__(name: str) -> object:
    """Load the public names from `api` when asked: the command line never needs them."""
    if name in __all__:
        from autotimeline import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
