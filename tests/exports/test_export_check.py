"""What a snapshot says of itself is verified, by `check` and by ten lines of Python; everything else ignores it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from asking import ask
from autotimeline.checks._examples import read_examples
from autotimeline.reports import integrity
from program import STORY, TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
DAY = ("--today", "2025-11-01")
(TEN_LINES,) = re.findall(
    r"^```python\n(.*?)^```$", (TOP / "docs/export.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    path = tmp_path / "taken.toml"
    assert ask("-f", STORY, "export", *DAY, "-o", path) == (0, "", "")
    return path


def check(path: Path) -> tuple[int, str]:
    code, out, err = ask("-f", path, "check", *DAY)
    assert err == ""
    return code, out


def verified(path: Path) -> str:
    """What the lines of the documents say of a snapshot, by a Python that has no autotimeline."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", TEN_LINES, path], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


def test_the_lines_of_the_documents_are_ten_and_need_no_autotimeline():
    assert len(TEN_LINES.splitlines()) <= 10
    assert "autotimeline" not in TEN_LINES


def test_a_snapshot_is_what_it_says(taken):
    assert check(taken) == (0, "")
    assert verified(taken) == f"{taken} is as it was taken\n"
    code, out, err = ask("-f", STORY, "export", *DAY, "-O", "json")
    assert (code, err) == (0, "")
    path = taken.with_suffix(".json")
    path.write_text(out, "utf-8")
    assert verified(path) == f"{path} is as it was taken\n"


LAYOUTS = {
    "comments": lambda text: "# Ours.\n" + text.replace("\n\n", "\n\n\n# …\n"),
    "lines that end in CR LF": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "the order of actors": lambda text: re.sub(r"(?s)(\[actor\.stellantis\].*?\n\n)(.*?)(?=\[era)", r"\2\1", text),
    "the order of keys": lambda text: re.sub(r'(id = "catl-jv"\n)(date = .*\n)', r"\2\1", text),
    "the way of a string": lambda text: text.replace(
        'title = "Stellantis and China"', "title = 'Stellantis and China'"
    ),
    "what it says of the query": lambda text: text.replace("events = 34", "events = 33"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_its_layout_is_no_part_of_the_sum(taken, layout):
    text = taken.read_text("utf-8")
    changed = LAYOUTS[layout](text)
    assert changed != text
    taken.write_bytes(changed.encode())
    assert check(taken) == (0, "")
    if layout != "a byte order mark":  # which tomllib does not take
        assert verified(taken) == f"{taken} is as it was taken\n"


CHANGES = {
    "a word": lambda text: text.replace("French brands", "french brands"),
    "an event less": lambda text: text[: text.rindex("[[event]]")],
    "an event more": lambda text: text + '\n[[event]]\nid = "new"\ntitle = "New"\n',
    "two events swapped": lambda text: re.sub(
        r"(?s)(\[\[event\]\].*?\n\n)(\[\[event\]\].*?\n\n)", r"\2\1", text, count=1
    ),
    "a name": lambda text: text.replace('name = "Leapmotor"', 'name = "Leap"'),
    "an alias less": lambda text: re.sub(r"jv = .*\n", "", text),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_after_it_was_taken_is_found(taken, change):
    text = taken.read_text("utf-8")
    changed = CHANGES[change](text)
    assert changed != text
    taken.write_text(changed, "utf-8")
    code, out = check(taken)
    found = re.fullmatch(
        r"(.*):1\tproblem\tsnapshot\t\tsnapshot: sha256: the checksum of the data is ([0-9a-f]{64}); "
        r"export it again, or remove \[snapshot\]\n",
        out,
    )
    assert (code, found and found[1]) == (1, str(taken))
    assert verified(taken) == f"{taken} was changed\n"
    # What it should say is the sum: with that in place all is well again.
    taken.write_text(re.sub(r'sha256 = ".*"', f'sha256 = "{found[2]}"', changed), "utf-8")
    assert check(taken) == (0, "")


def test_a_file_that_is_no_store_is_told_so_and_no_more(taken):
    with taken.open("a", encoding="utf-8") as file:
        file.write("[[event]\n")
    code, out = check(taken)
    assert (code, out.count("\n"), "\tform\t" in out) == (1, 1, True)


def stdin(monkeypatch, data: bytes) -> tuple[int, str, str]:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return ask("-f", "-", "check", *DAY)


def test_of_standard_input_the_index_knows_the_sum(taken, monkeypatch):
    data = taken.read_bytes()
    assert stdin(monkeypatch, data) == (0, "", "")
    told = "cannot verify the checksum of standard input or a pipe; name the file"
    changed = data.replace(b"French brands", b"french brands")
    assert stdin(monkeypatch, changed) == (1, f"-:1\tproblem\tsnapshot\t\tsnapshot: {told}\n", "")


def test_several_snapshots_are_one_store_and_each_is_verified(tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    for name in ("one", "two"):
        store = tmp_path / f"{name}.toml"
        store.write_text(f'[[event]]\nid = "{name}"\ntitle = "{name.title()}"\n', "utf-8")
        assert ask("-f", store, "export", *DAY, "-o", folder / f"{name}.toml") == (0, "", "")
    assert check(folder) == (0, "")
    assert ask("-f", folder, "list", "-O", "plain", "--fields", "id") == (0, "one\ntwo\n", "")
    two = folder / "two.toml"
    two.write_text(two.read_text("utf-8").replace("Two", "2"), "utf-8")
    code, out = check(folder)
    assert (code, out.partition("\t")[0], out.count("\n")) == (1, f"{two}:1", 1)


def test_two_headers_in_one_file_are_refused(taken):
    text = taken.read_text("utf-8")
    taken.write_text(text + text[: text.index("[store]")], "utf-8")
    code, out = check(taken)
    assert code == 1
    assert "duplicate table [snapshot]; merge it into" in out


def test_nothing_else_looks_at_the_header(taken, tmp_path):
    bare = tmp_path / "bare.toml"
    text = taken.read_text("utf-8")
    bare.write_text(text[text.index("[store]") :], "utf-8")
    assert ask("diff", bare, taken) == (0, "", "")

    def answers(path: Path, *asked: str) -> tuple[int, str, str]:
        code, out, err = ask("-f", path, *asked, *DAY)
        return code, out.replace(str(path), "F"), err

    for asked in (("list",), ("count", "--by", "kind"), ("names", "sources"), ("figures",), ("list", "-O", "toml")):
        assert answers(bare, *asked) == answers(taken, *asked)
    # A snapshot of a snapshot says of itself what is so now.
    assert answers(bare, "export") == answers(taken, "export") == (0, text, "")


def test_the_sums_of_a_store(taken):
    import autotimeline

    said = json.loads(ask("-f", STORY, "export", *DAY, "-O", "json")[1])["snapshot"]

    def stored() -> list[tuple[str, int, str]]:
        rows = integrity.read_bodies(autotimeline.open(str(taken)).select(), "snapshot")
        return [(file, line, keys["sha256"]) for _, _, file, line, keys in rows]

    assert stored() == [(str(taken), 1, said["sha256"])]
    shutil.copy(STORY, taken)
    assert stored() == []


def test_the_examples_of_the_rule_are_what_they_are_called(tmp_path):
    path = tmp_path / "facts.toml"
    for text, code in zip(read_examples("snapshot"), (1, 0), strict=True):
        path.write_text(text, "utf-8")
        assert (check(path)[0], "\tsnapshot\t" in check(path)[1]) == (code, bool(code))
