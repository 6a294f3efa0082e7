"""Quotes and the saved copies of their sources: what is found there, what is not, and what is never read."""

import os
import subprocess
import sys

import pytest

import program
import rules
from rules import event, told

pytestmark = pytest.mark.usefixtures("cache")
STORE = '[source.s]\ntitle = "S"\nfile = "copy.txt"\n'
LIKE = '; quote it word for word, or add accept.quote = "why"'


def found(tmp_path, copy: bytes | str, *quotes: str, store: str = STORE) -> list[str]:
    data = copy.encode() if isinstance(copy, str) else copy
    (tmp_path / "copy.txt").write_bytes(data)
    cited = [f'sources = [{{ id = "s", quote = """{quote}""" }}]' for quote in quotes]
    return told(tmp_path, store + "".join(event(f"e{n}", line) for n, line in enumerate(cited)), "quote")


@pytest.mark.parametrize(
    ("copy", "quote"),
    [
        ("We go  to\r\n  China.", "We go to China"),
        ("We go to China.", "We go\n to   China"),
        ("“We’re – at last – in «China»…”", '"We\'re - at last - in \\"China\\"...\\"'),
        ('"We\'re - at last"', "“We’re — at last”"),
        ("\ufeffWe go", "We go"),
        ("Citroe\u0308n sells", "Citroën sells"),
        ("We\u00a0go to devel\u00adop", "We go to develop"),
        ("We go, as he said later, to China.", "We go […] to China"),
        ("We go, as he said later, to China.", "We go ... to China."),
        ("我们去中国。", "去中国"),
        ("The oﬃcial ﬁgures", "official figures"),
        ("They em-\nploy 5,000 in a long-\n  term plan", "They employ 5,000"),
        ("They em-\r\nploy 5,000 in a long-\n  term plan", "in a long-term plan"),
        ("Today we go to China", "We go to China"),
        ("We go to China", "we go to China"),
        ("Then he said we go", "[the chairman] said [that] we go"),
        ("The chairman said", "[T]he chairman said"),
        ("It grew [1] again", "grew [1] again"),
    ],
)
def test_quotes_that_are_there(copy, quote, tmp_path):
    assert found(tmp_path, copy, quote) == []


@pytest.mark.parametrize(
    ("copy", "quote", "near"),
    [
        ("He said that we went to China again.", "we go to China", '(most similar: "we went to China")'),
        ("He said: we must go to China, soon.", "we may go to China", '(most similar: "we must go to China")'),
        ("we GO to China", "we go to China", '(most similar: "we GO to China")'),
        ("Nothing of the kind.", "we go to China", ""),
        ("to China we go", "we go […] to China", '(most similar: "to China we go")'),
        ("", "we go", ""),
        ("we go … on", "…", ""),
        ("we go", "[…]", ""),
        ("we go", "[the chairman]", ""),
        ("'we go' - on", "'", ""),
        ("re-\n5 go", "re5 go", '(most similar: "5 go")'),
    ],
)
def test_quotes_that_are_not_there(copy, quote, near, tmp_path):
    (row,) = found(tmp_path, copy, quote)
    start = f'e0: the copy of s (copy.txt) does not contain "{quote}"'
    assert row.startswith(start)
    assert row.endswith(LIKE)
    assert row[len(start) : -len(LIKE)] == (f" {near}" if near else "")


def test_a_quote_of_a_source_without_a_copy_is_not_looked_for(tmp_path):
    assert found(tmp_path, "", "we go", store='[source.s]\ntitle = "S"\n') == []


def test_a_long_quote_is_cut_and_quoted_on_one_line(tmp_path):
    (row,) = found(tmp_path, "word " * 100 + "end", "word\n" * 99 + "stop end")
    assert row.count("…") == 2
    assert "\n" not in row
    assert len(row) < 500


@pytest.mark.parametrize(
    ("copy", "what"),
    [
        (b"caf\xe9", "is not UTF-8 (byte 4); save it as UTF-8"),
        (b"x" * (16 * 1024 * 1024 + 1), "is larger than 16 MiB; save the text alone"),
    ],
)
def test_a_copy_that_is_no_text_is_found(copy, what, tmp_path):
    assert found(tmp_path, copy, "we go") == [f'source "s": file: copy.txt {what}']


def test_a_copy_that_is_gone_is_found_at_its_source(tmp_path):
    text = STORE.replace("copy.txt", "there/gone.txt") + event("e", 'sources = [{ id = "s", quote = "q" }]')
    row = rules.found(tmp_path, text, {}, "-O", "plain").splitlines()[0].split("\t")
    what = 'source "s": file: there/gone.txt no such file or directory; save the copy there, or remove file'
    assert row == ["facts.toml:1", "problem", "quote", "", what]


OUTSIDE = "is outside the directory of the store; save the copy in it"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../secret.txt", "../store/own.txt", "a/../../secret.txt", "link.txt", "up/secret.txt", ""]
)
def test_nothing_outside_of_the_folder_is_read(name, tmp_path):
    """Who checks a store that somebody sent must not be shown, or show others, what is in other files."""
    folder = tmp_path / "store"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("the secret word is swordfish")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "own.txt").write_text("the secret word is swordfish")
    name = name or str(tmp_path / "secret.txt")
    text = STORE.replace("copy.txt", name) + event("e", 'sources = [{ id = "s", quote = "the secret word is" }]')
    assert told(folder, text, "quote") == [f'source "s": file: {name} {OUTSIDE}']


HIDDEN = "is hidden; give the copy a path without a leading dot"
OTHER = "has another extension; save the copy as .txt, .md, or .html"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (".env", HIDDEN),
        (".env.txt", HIDDEN),
        ("./.git/notes.txt", HIDDEN),
        ("a/.b/c.txt", HIDDEN),
        ("to-hidden.txt", HIDDEN),
        ("to-hidden-folder/notes.txt", HIDDEN),
        ("facts.toml", OTHER),
        ("id_rsa", OTHER),
        ("secrets.json", OTHER),
        ("txt", OTHER),
        ("a.txt/key", OTHER),
        ("to-other.txt", OTHER),
    ],
)
def test_of_the_folder_nothing_is_read_but_visible_texts(name, what, tmp_path):
    """A folder of a store is often one of other things too: a store from somebody else must not show them."""
    for path in (".env", ".env.txt", ".git/notes.txt", "a/.b/c.txt", "id_rsa", "secrets.json", "txt", "a.txt/key"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("the secret word is swordfish")
    (tmp_path / "to-hidden.txt").symlink_to(".env")
    (tmp_path / "to-hidden-folder").symlink_to(".git")
    (tmp_path / "to-other.txt").symlink_to("secrets.json")
    text = STORE.replace("copy.txt", name) + event("e", 'sources = [{ id = "s", quote = "the secret word was" }]')
    assert told(tmp_path, text, "quote") == [f'source "s": file: {name} {what}']


@pytest.mark.parametrize("name", ["a.md", "b/c.HTML", "./d.txt", "link.txt", "e f.txt"])
def test_texts_of_the_folder_are_read_by_any_way_that_stays_in_it(name, tmp_path):
    for path in ("a.md", "b/c.HTML", "d.txt", "e f.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("we go to China")
    (tmp_path / "link.txt").symlink_to("b/c.HTML")
    quotes = ("to China", "we went")
    events = [event(f"e{n}", f'sources = [{{ id = "s", quote = "{quote}" }}]') for n, quote in enumerate(quotes)]
    (row,) = told(tmp_path, STORE.replace("copy.txt", name) + "".join(events), "quote")
    assert row.startswith(f'e1: the copy of s ({name}) does not contain "we went"')


def test_a_folder_that_is_hidden_itself_hides_no_copy(tmp_path):
    folder = tmp_path / ".notes"
    folder.mkdir()
    assert found(folder, "we go to China", "to China") == []


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")
@pytest.mark.parametrize("way", ["-", "/dev/stdin", "facts.toml"])
def test_a_store_from_a_pipe_has_no_folder(way, tmp_path):
    """Where it is checked is not where it is from."""
    (tmp_path / "copy.txt").write_text("the secret word is swordfish")
    text = STORE + event("e", 'sources = [{ id = "s", quote = "the secret word was" }]')
    if way == "facts.toml":
        os.mkfifo(tmp_path / way)
        text = f"cat <<'END' > {way} & exec \"$@\"\n{text}END\n"
        line, given = ["sh", "-c", text, "sh"], ""
    else:
        line, given = [], text
    done = subprocess.run(
        [*line, *program.PROGRAM, "-f", way, "check", "-O", "plain"],
        cwd=tmp_path,
        env=program.environment(tmp_path),
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    what = "is not read if the store comes from standard input or a pipe; check the file of the store"
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [f'{way}:1\tproblem\tquote\t\tsource "s": file: copy.txt {what}']


def test_a_name_that_no_file_can_have_is_a_finding(tmp_path):
    rows = told(tmp_path, STORE.replace("copy.txt", "a\\u0000b") + event("e", 'sources = ["s"]'), "quote")
    assert rows == [f'source "s": file: a\0b {OUTSIDE}']


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_not_waited_for(make, tmp_path):
    make(tmp_path / "odd.txt")
    rows = told(
        tmp_path, STORE.replace("copy.txt", "odd.txt") + event("e", 'sources = [{ id = "s", quote = "q" }]'), "quote"
    )
    assert rows == ['source "s": file: odd.txt is not a file; save the copy as a text file']


def test_a_copy_is_found_from_the_folder_of_the_file_that_names_it(tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/copy.txt").write_text("we go")
    (tmp_path / "there/sources.toml").write_text(STORE)
    monkeypatch.chdir(tmp_path)
    line = ["-f", "there/sources.toml", "-O", "json"]
    assert told(tmp_path, event("e", 'sources = [{ id = "s", quote = "we go" }]'), "quote", more=line[:2]) == []
    assert len(told(tmp_path, event("e", 'sources = [{ id = "s", quote = "we went" }]'), "quote", more=line[:2])) == 1


def test_to_look_for_what_is_like_a_quote_ends(tmp_path):
    """So many words are looked through and no more: what is not there is told all the same."""
    from autotimeline.store import saved_copy

    kept = saved_copy.MAX_WORDS
    saved_copy.MAX_WORDS = 25
    try:
        rows = found(tmp_path, "we must go to China " * 2, *["we may go to China"] * 4)
    finally:
        saved_copy.MAX_WORDS = kept
    assert ["most similar" in row for row in rows] == [True, True, False, False]
