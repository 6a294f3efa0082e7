"""The command line."""

from autotimeline.cli.main import main

__all__ = ["main"]
