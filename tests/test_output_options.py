"""`--width` and `--empty`: drawings of any width without a terminal, and text instead of empty cells."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

import program
from asking import ask
from program import STORY, environment

pytestmark = pytest.mark.usefixtures("cache")
TODAY = ("--today", "2025-11-22")
DRAWN = [
    "list",
    "list -C 1 kind:deal --gap",
    "timeline",
    "show leapmotor-deal catl-jv",
    "show actor:leapmotor",
    "chart",
    "figures",
    "figures --sum",
    "figures --per month",
    "count --by year,kind",
    "names actors",
    "compare @catl-jv @leapmotor-deal",
    "compare filosa tavares",
    "elapsed leads-to",
]


def draw(words: str, *more: str) -> str:
    code, out, err = ask("-f", STORY, *words.split(), *TODAY, "-O", "table", *more)
    assert (code, err) == (0, "")
    return out


@pytest.mark.parametrize("words", DRAWN)
def test_a_drawing_fits_the_width(words):
    drawings = {width: draw(words, "--width", str(width)) for width in (20, 40, 60, 100, 200)}
    for width, text in drawings.items():
        assert max(map(cell_len, text.splitlines())) <= width
    assert len(set(drawings.values())) > 1


@pytest.mark.parametrize("words", ["list", "timeline", "show catl-jv", "chart", "figures"])
def test_a_pipe_and_a_file_get_what_a_terminal_of_that_width_shows(tmp_path, words):
    env = environment(tmp_path) | {"NO_COLOR": "1"}
    line = ["-f", str(STORY), *words.split(), *TODAY]
    shown = program.forked_terminal(line, cwd=tmp_path, env=env, columns=72)
    wider = program.forked_terminal([*line, "--width", "72"], cwd=tmp_path, env=env, columns=100)
    assert wider == shown
    # Only a terminal has a footer.
    drawn = draw(words, "--width", "72")
    assert shown.startswith(drawn)
    assert draw(words, "--width", "72", "-o", str(tmp_path / "out")) == ""
    assert (tmp_path / "out").read_text("utf-8") == drawn


def test_the_width_may_precede_the_command_and_applies_to_a_batch(tmp_path):
    drawn = draw("list", "--width", "50")
    assert ask("--width", "50", "-f", STORY, "list", *TODAY, "-O", "table")[1] == drawn
    done = program.run(
        *("batch", "-f", str(STORY), "--width", "50"),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=b"list --today 2025-11-22 -O table\nlist --today 2025-11-22 -O table --width 60",
    )
    assert done.stdout.decode() == f"{drawn}\n{draw('list', '--width', '60')}\n"


@pytest.mark.parametrize("width", ["0", "19", "1001", "9223372036854775807"])
def test_a_width_out_of_range_is_refused(width):
    told = f"autotimeline: --width {width}: out of range; write a number from 20 to 1000\n"
    assert ask("-f", STORY, "list", "--width", width) == (2, "", told)


LISTED = [
    "list",
    "timeline",
    "show catl-jv",
    "names metrics",
    "figures",
    "count --by kind",
    "list kind:nothing",
    "chart",
]


@pytest.mark.parametrize("words", LISTED)
def test_only_empty_cells_get_the_text(words):
    for form in ("plain", "tsv"):
        line = ("-f", STORY, *words.split(), *TODAY, "-O", form)
        plain, filled = ask(*line)[1], ask(*line, "--empty", "N/A")[1]
        assert filled == "".join(
            "\t".join(cell or "N/A" for cell in row.split("\t")) + "\n" for row in plain.splitlines()
        )


def test_the_text_is_escaped_and_data_formats_refuse_it():
    line = ("-f", STORY, "list", "is:undated", "-n", "1", "--fields", "date,places")
    assert ask(*line, "--empty", "a\tb\x1b") == (0, "a\\tb\\x1b\ta\\tb\\x1b\n", "")
    told = "autotimeline: --empty: only in plain and tsv; remove it, or choose one of them with -O\n"
    for form in ("csv", "json", "jsonl", "toml", "markdown", "svg", "table"):
        assert ask(*line, "--empty", "x", "-O", form) == (2, "", told)
    told = "autotimeline: --empty: missing value; write --empty TEXT, or remove the option\n"
    assert ask(*line, "--empty", "") == (2, "", told)
