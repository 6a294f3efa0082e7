"""Cutting is nobody's business: blocks accept what `tomllib` accepts of the whole text, and mean the same."""

import sys
import tomllib
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toml_suite import FILES, needs_suite

from autotimeline.store import blocks as module
from autotimeline.store.blocks import TomlSyntaxError, decode_text, parse_blocks

TWICE = "TWICE"


def whole(text: str):
    """The tables of the text as `tomllib` has them, None where it is no TOML."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except ValueError:
        return None


def cut(text: str):
    """The tables of all blocks as one, None where one is no TOML or they define something twice."""
    found: dict = {}
    for _, tables in parse_blocks(text):
        if isinstance(tables, TomlSyntaxError) or not merge(found, tables):
            return None
    return found


def merge(into: dict, more: dict) -> bool:
    for key, value in more.items():
        if key not in into:
            into[key] = value
        elif key == "event" and isinstance(into[key], list) and isinstance(value, list):
            into[key] += value
        elif key in ("source", "actor", "era") and not into[key].keys() & value.keys():
            into[key].update(value)
        else:
            return False  # the index reports it: see test_problems
    return True


def same(text: str) -> bool:
    return repr(cut(text)) == repr(whole(text))  # repr: a NaN is itself


@pytest.fixture(params=["tomli", "tomllib"])
def reader(request):
    """Either reader of whole texts, whichever is installed."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "tomllib":
            patch.setitem(sys.modules, "tomli", None)
        else:
            pytest.importorskip("tomli")
        assert module.toml_module().__name__ == request.param
        yield


def test_a_reader_of_a_later_toml_is_left_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "tomli", SimpleNamespace(loads=lambda text, **more: {}))
    assert module.toml_module() is tomllib


@needs_suite
@pytest.mark.usefixtures("reader")
def test_the_toml_suite_is_taken_as_tomllib_takes_it():
    different = []
    for path in FILES:
        try:
            text = decode_text(path.read_bytes())
        except TomlSyntaxError:
            with pytest.raises(UnicodeDecodeError):
                path.read_bytes().decode("utf-8-sig")
            continue
        if not same(text):
            different.append(path.name)
    assert len(FILES) > 700
    assert different == []


HEADERS = st.sampled_from(
    [
        "[store]", "[alias]", "[source.a]", "[source.b]", "[actor.a]", " [actor.a-b] # c", "[era.x]", "[[event]]",
        "[[event]]", "[[event]]", "[event.figures]", "[event.links]", "[[event.sources]]", "[source.a.b]", "[source]",
        '[source."a"]', "[source . b]", "[sorce.x]", "[event]", "[[source]]", '[source."a]b"]', "[\t[event]]", "[]",
        "[[ event ]]", "[event.'x]y']", "[alias]  ", "[[event]", "[a.b", "[[[event]]]",
    ]
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "1", "'a'", '"#"', "[1, 2]", "[\n  1, # ]\n  [2]\n]", "{ a = 1 }", '"""\n[[event]]\n"""', "'''[source.q]\n'''",
        '"""x\n[alias]\n[[event]]\n\\"""\n""" # """', "'''\n[store]\n''''", "'\"\"\"'", '"\'\'\'" # \'\'\'',
        "2025-03-25", '"""', "'''", '"', "[", "[\n[source.z]\n", "2025-03", "true",
        '"""\\\n   [actor.z]\n"""', "[\n['[[event]]']\n]",
    ]
)  # fmt: skip
KEYS = st.sampled_from(["id", "x", "y", "figures.a", '"q"', "event", "source.k"])
LINES = st.one_of(
    HEADERS, HEADERS, st.builds("{} = {}".format, KEYS, VALUES), st.sampled_from(["", "# [[event]]", "# '''", '# """'])
)


@pytest.mark.usefixtures("reader")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(["", "\ufeff"]))
def test_any_text_is_taken_as_tomllib_takes_it(lines, end, last, mark):
    text = (end.join("\n".join(lines).split("\n")) + (end if last else "")).encode()
    assert same(decode_text(mark.encode() + text))


@given(st.lists(LINES, max_size=12))
def test_blocks_make_up_the_text_and_know_their_lines(lines):
    text = "\n".join(lines)
    found = [block for block, _ in parse_blocks(text)]
    assert "".join(block.text for block in found) == text
    line = 1
    for block in found:
        assert block.line == line
        line += block.text.count("\n")


STRINGS = '''\
[[event]]
id = "a"
note = """
[source.x]
[[event]]
[alias]
""" # """

[event.figures]
a = "1"

[source.b]
title = \'\'\'
[actor.y]\'\'\'
'''


def test_a_header_within_a_string_is_none():
    text = STRINGS.replace("[alias]\n", "[[event]]\n")
    assert [(block.line, block.header) for block, _ in parse_blocks(text)] == [(1, "event"), (12, "source.b")]
    assert cut(text) == whole(text) != {}


def test_a_text_that_begins_with_a_header_is_cut():
    assert [block.line for block, _ in parse_blocks("[[event]]\nid = 'a'\n[[event]]\nid = 'b'\n")] == [1, 3]


def test_an_empty_text_has_no_blocks():
    assert list(parse_blocks("")) == []


# ---------------------------------------------------------------- how much is parsed


@pytest.fixture
def parsed(monkeypatch):
    """The texts that are handed to `tomllib`."""
    texts: list[str] = []
    load = tomllib.loads

    def loads(text, **more):
        texts.append(text)
        return load(text, **more)

    monkeypatch.setattr(tomllib, "loads", loads)
    return texts


@pytest.mark.parametrize("opened", ['"""', "'''", "[", '"""\\"""'])
def test_an_unclosed_string_hides_no_other_block_and_takes_no_square_of_the_time(opened, parsed):
    pieces = [f'[[event]]\nid = "e{n}"\nnote = """\n{n}\n"""\n' for n in range(1000)]
    pieces[2] = f'[[event]]\nid = "broken"\nnote = {opened}\n'
    text = "".join(pieces)
    found = list(parse_blocks(text))
    broken = [block.line for block, tables in found if isinstance(tables, TomlSyntaxError)]
    assert len(found) == 1000
    assert broken == [11]
    assert len(parsed) <= 1001
    assert sum(map(len, parsed)) <= 3 * len(text)


@pytest.mark.parametrize("opened", ['"""', "'''", "[", '"""\\"""', "[[", "{"])
def test_every_block_broken(opened, parsed):
    text = f"[[event]]\nid = {opened}\n" * 1000
    list(parse_blocks(text))
    assert sum(map(len, parsed)) <= 5 * len(text)


def test_what_is_known_is_not_parsed(parsed):
    text = STRINGS + '[store]\ntitle = "x"\n'
    known = {block.digest for block, _ in parse_blocks(text)}
    del parsed[:]
    assert [tables for _, tables in parse_blocks(text, known)] == [None]  # with [alias] in a string it is taken whole
    text = text.replace("[alias]\n", "")
    known = {block.digest for block, _ in parse_blocks(text)}
    del parsed[:]
    assert [tables for _, tables in parse_blocks(text + "[alias]\n", known)] == [None, None, None, {"alias": {}}]
    # Only the first piece of the glued ones: that it ends within a string is found by parsing it.
    assert parsed == ['[[event]]\nid = "a"\nnote = """\n', "[alias]\n"]


# ---------------------------------------------------------------- what is wrong, and where


def problem(text: str) -> tuple[int, str]:
    line, what = next(
        (block.line + t.line, str(t)) for block, t in parse_blocks(text) if isinstance(t, TomlSyntaxError)
    )
    return line, what


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[[event]]\nid = "a"\n\n[[event]]\nid = \n', 5,
         "missing value; write one, or remove the line (column 6)"),
        ("[store]\n[[event]]\nid = 'a'\nid = 'b'\n", 4,
         'duplicate key "id"; remove one, or start the next event with [[event]] (column 9)'),
        ("[[event]]\ndate = 2025-03\n", 2, 'missing quotes; write "2025-03" (column 12)'),
        ("[[event]]\r\ndate = 2024~ # x\r\n", 2, 'missing quotes; write "2024~" (column 12)'),
        ("[[event]]\ndate = 2025-13-01\n", 2,
         'missing quotes, and "2025-13-01" has no month 13: write 01 to 12 (column 12)'),
        ("[[event]]\nkind = deal\n", 2, 'missing quotes; write "deal" (column 8)'),
        ('[[event]]\nnote = "a\n', 2,
         'unclosed text; end it with " (column 8)'),
        ('# x\n\n[[event]]\nid = "a"\nnote = """\nx\n\n[store]\n', 5,
         'unclosed text; end it with """ (column 8)'),
        ("[[event]]\ntags = [\n'a'\n[store]\n", 2,
         "unclosed list; end it with ] (column 8)"),
        ("x = 1\n" + "[" * 5 + "\n", 2,
         "invalid TOML: invalid initial character for a key part (column 3)"),
        ("a = 1\nb = " + "9" * 5000, 2, "a number has too many digits"),
        ("a = 1\n\nb = " + "[" * 5000, 3, "arrays or tables are nested too deeply"),
        ("\n" + ".".join("a" * 20000) + " = 1\n", 2, "a key has more than 64 parts"),
        ("\nx = {" + ".".join("a" * 20000) + " = 1}\n", 2, "a key has more than 64 parts"),
        ("\n[" + ".".join("a" * 20000) + "]\n", 2, "a key has more than 64 parts"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(text, line, what):
    assert problem(text) == (line, what)


def test_dots_in_text_are_no_key():
    text = f'note = "{". ".join("word" for _ in range(3000))}"\nid = "x"\n'
    assert cut(text) == whole(text) != {}


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        ("x".encode("utf-16"), 0, "the file is UTF-16; save it as UTF-8"),
        (b"a = 1\nb = '\xe9'\n", 1, "byte 0xe9 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_no_utf_8(data, line, what):
    with pytest.raises(TomlSyntaxError) as raised:
        decode_text(data)
    assert (raised.value.line, str(raised.value)) == (line, what)


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    with pytest.raises(TomlSyntaxError, match="the file is larger than 2 GiB; split the store into several files"):
        decode_text(b"x" * 11)


# ---------------------------------------------------------------- texts made to be slow


@pytest.mark.parametrize(
    "text",
    [
        "[" + " " * 300_000,
        '["' + "\\" * 300_001,
        "[a" + "]" * 300_000 + "x",
        "x = '" + "a" * 1_000_000 + "'",
        "a." * 300_000,
        '"' * 300_000,
        '[[event]]\nx = """' + '\\"""' * 100_000 + "\n[store]\n",
        "[[event]]\nx = [\n" * 20_000,
        "[[event]]\nx = '''\n" * 5_001,
        '[[event]]\nx = """\\"""\n' * 5_000,
    ],
    ids=range(10),
)  # fmt: skip
def test_no_text_takes_long(text):
    """A guard against hanging: the pattern that took minutes before takes a second now."""
    assert list(parse_blocks(text))
