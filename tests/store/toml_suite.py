"""The files of the toml-test suite: beside the checkout, or where AUTOTIMELINE_SHARED says."""

import os
from pathlib import Path

import pytest

_TOP = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("AUTOTIMELINE_SHARED") or _TOP.parent / "shared")
FILES = sorted((SHARED / "suites" / "toml-test").rglob("*.toml"))
needs_suite = pytest.mark.skipif(not FILES, reason=f"no toml-test suite in {SHARED} (AUTOTIMELINE_SHARED)")
