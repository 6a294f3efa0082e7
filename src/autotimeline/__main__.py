"""The entry point of `python -m autotimeline`."""

import sys

from autotimeline.cli import main

if __name__ == "__main__":
    sys.exit(main())
