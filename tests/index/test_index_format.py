"""An index of another format is thrown away; so the number has to rise with every change of what is kept."""

from hashlib import sha256
from pathlib import Path

import autotimeline
from autotimeline.index import cache

RECORDED = (13, "55cf82942163ee23")
REMEDY = """
The code that decides what an index keeps has changed (see KEPT). Where an index of the code before would now be read
wrongly, raise FORMAT in index/cache.py. Then record here what is so now: RECORDED = {}
"""
# All that text goes through before it is kept: as a row, as a date or number in it, as the text of a problem.
KEPT = (
    *(
        f"index/{name}"
        for name in ("schema.sql", "across.py", "build.py", "derive.py", "events.py", "flat.py", "spans.py")
    ),
    "model.py",
    "text.py",
)
FOLDERS = ("dates", "quantities", "store")
# What makes text of a store is no part of reading it.
WRITING = ("edit.py", "parts.py", "toml.py", "undo.py", "write.py")


def test_what_is_kept_changes_only_with_its_number():
    top = Path(autotimeline.__file__).parent
    files = [top / name for name in KEPT]
    files += [path for folder in FOLDERS for path in sorted((top / folder).glob("*.py")) if path.name not in WRITING]
    digest = sha256("".join(path.read_text("utf-8") for path in files).encode()).hexdigest()[:16]
    now = (cache.FORMAT, digest)
    assert now == RECORDED, REMEDY.format(now)
