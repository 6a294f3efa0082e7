"""The command line."""

from autotimeline.cli.main import main, run_program

__all__ = ["main", "run_program"]
