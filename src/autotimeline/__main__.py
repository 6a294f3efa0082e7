"""The entry point of `python -m autotimeline`."""

from autotimeline.cli import run_program

if __name__ == "__main__":
    run_program()
