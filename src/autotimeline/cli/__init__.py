"""The command line."""

from __future__ import annotations

from autotimeline.cli.main import main

__all__ = ["main"]
