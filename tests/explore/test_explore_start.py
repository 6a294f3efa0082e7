"""What the explorer loads, and what it leaves to others; the words that it prints."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import program
from autotimeline.errors import UsageError
from autotimeline.query.parser import parse_query

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind", allow_module_level=True)
pytest.importorskip("pyte")

from screen_reader import ScreenReader

from autotimeline.cli.explore.session import query_words

# Ends with the names of the modules that it loaded beyond those of a bare start, in a file.
MODULES = """
import sys
bare = set(sys.modules)
from autotimeline.cli import main
code = main(sys.argv[1:])
print(*(set(sys.modules) - bare), file=open("modules", "w"))
sys.exit(code)
"""


def loaded(command, directory, keys=""):
    """Return the modules that a command loads on a terminal where these keys are typed."""
    words = (sys.executable, "-c", MODULES, "-f", str(program.STORY))
    with ScreenReader(command, cwd=directory, program=words) as reader:
        assert reader.end(keys)[0] == 0
    return set((directory / "modules").read_text("utf-8").split())


def test_a_list_on_a_terminal_loads_nothing_of_the_explorer_which_loads_little_more(tmp_path):
    loaded("list", tmp_path)  # makes the index
    listed, explored = loaded("list", tmp_path), loaded("explore", tmp_path, "q")
    assert not listed & {"termios", "signal", "select", "autotimeline.cli.word_completion"}
    assert not {name for name in listed if name.startswith("autotimeline.cli.explore")}
    more = {name for name in explored - listed if not name.startswith("autotimeline.cli.")}
    assert {name for name in more if not name.startswith(("_", "json", "rich."))} <= {
        "termios",
        "select",
        "signal",
        "shlex",
    }


WORDS = st.sampled_from(
    [
        "a",
        "kind:deal",
        '"a b"',
        'text:"a \\" b"',
        "not",
        "or",
        "and",
        "(",
        ")",
        ":alias",
        "-18m",
        'a"b c"d',
        '""',
        "x>1",
    ]
)


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_the_words_of_a_command_line_mean_the_query(text):
    try:
        tree = parse_query(text)
    except UsageError:
        return
    assert str(parse_query(query_words(text))) == str(tree)
