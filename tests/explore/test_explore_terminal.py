"""The explorer on terminals of all kinds: sizes, hostile text, changed stores, and whatever ends the program."""

import os
import re
import signal
import sys
import unicodedata

import pytest

import program
from asking import ask

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind", allow_module_level=True)
pytest.importorskip("pyte")

from screen_reader import STORE, ScreenReader

ENTER, ESCAPE = "\r", "\x1b"
# What the explorer may send: its modes, positions, colors, and the clipboard.
ALLOWED = re.compile(
    r"\x1b\[\?(?:1049|7|25|2004)[hl]|\x1b\[2J|\x1b\[\d+H|\x1b\[\d+;\d+H|\x1b\[K|\x1b\[[\d;]*m|\x1b\]52;c;[\w+/=]*\x07|\r\n"
)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, encoding="utf-8")
    return path


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_the_screen_follows_the_size_of_the_terminal(store):
    text = STORE.replace("The wreck is found", "零跑汽车零跑汽车零跑汽车零跑汽车零跑汽车零跑汽车 is found")
    store.write_text(text, encoding="utf-8")
    with ScreenReader("explore", cwd=store.parent) as explorer:
        explorer.until("4 of 4 events", "零跑汽车 is found")
        explorer.resize(40, 10)
        explorer.until("4 of 4 events", "零跑汽车零跑汽车零跑…", without="is found")
        assert len(explorer.screen.display) == 10
        for key in (ENTER, "l", "l", "/", ESCAPE, "?", ESCAPE, "[", "]"):
            explorer.type(key)
        explorer.until("4 of 4 events", "Escape back")
        explorer.press(ESCAPE, "Enter card")
        explorer.resize(80, 24)
        explorer.until("4 of 4 events", "零跑汽车 is found")
        # A terminal that is smaller than the screen needs.
        for size in ((12, 3), (5, 2), (1, 1), (80, 24)):
            explorer.resize(*size)
            explorer.press("j")
        explorer.until("4 of 4 events", "零跑汽车 is found")
        assert explorer.end("q")[0] == 0


def test_at_40_columns_nothing_is_wider_than_the_screen(store):
    with ScreenReader("--color=never", "explore", cwd=store.parent, columns=40) as explorer:
        explorer.until("4 of 4 events")
        for key, shown in (
            (ENTER, "launch"),
            ("l", "voyage"),
            (ESCAPE, "card"),
            ("C" + "?", "keys:"),
            (ESCAPE, "card"),
        ):
            explorer.press(key, shown)
        explorer.press("/" + "actor:argo not kind:weather " * 3, "1 of 4 events")
        assert explorer.lines[-1].endswith("not kind:weather")
        explorer.press(ENTER, "Enter card")
        explorer.end("q")
        written = explorer.sent.decode().partition("\x1b[?1049l")[0]
    lines = re.split(
        r"\x1b\[\d+(?:;\d+)?H", ALLOWED.sub(lambda match: match[0] if match[0].endswith("H") else "", written)
    )
    assert max(map(width, lines)) <= 40


@pytest.mark.parametrize("option", ["--ascii", "NO_COLOR"])
def test_ascii_and_no_color(store, option):
    options, variables = (["--ascii"], {}) if option == "--ascii" else ([], {"NO_COLOR": "1"})
    with ScreenReader(*options, "explore", cwd=store.parent, **variables) as explorer:
        explorer.until("4 of 4 events")
        explorer.until_at("Argo is launched")
        explorer.press("j" + ENTER, "storm")
        explorer.press("l", "voyage")
        explorer.end("q")
        sent = explorer.sent.decode()
    assert sent.isascii() == (option == "--ascii")
    assert bool(re.search(r"\x1b\[[1-9;]+m", sent)) == (option == "--ascii")


def test_control_characters_of_a_store_or_a_user_do_not_reach_the_terminal(tmp_path):
    hostile = (program.TOP / "tests/views/hostile.toml").read_text("utf-8")
    (tmp_path / "facts.toml").write_text(hostile, encoding="utf-8")
    title = next(line for line in hostile.splitlines() if line.startswith("title") and "smile" in line)
    assert "\\u001b" in title
    with ScreenReader("--today=2025-11-22", "explore", cwd=tmp_path) as explorer:
        explorer.until("\\x1b]0;pwned")
        explorer.press("/evil", r"smile: \x1b]0;pwned")
        explorer.press(ENTER + ENTER, r"\x1b]0;pwned\x07")
        for _ in range(6):
            explorer.press("l")
        explorer.press(ESCAPE, "Enter card")
        explorer.press("c/\x15" + ENTER, "all events", "A: id:")
        explorer.press("Gc", "  title ")
        explorer.press("/\x15\x1b[200~x\x1b]0;pwned\x07\x9b31m\u202e\x1b[201~", "/x]0;pwned")
        # What is not valid UTF-8, and a key of a terminal that nobody has.
        os.write(explorer._terminal, b"\xff\x1b[99;9u\x1b[?x")
        explorer.press(ENTER, "Enter card")
        explorer.press("d\x1b[200~\x1b]0;pwned\x07\x1b[201~" + ENTER, ']0;pwned" is not a date')
        explorer.press(ESCAPE, "Enter card")
        explorer.press("w\x15\x1b[200~no\x07.such\x1b[201~" + ENTER, "no snapshot format")
        # Broken text in a store that has become invalid.
        (tmp_path / "facts.toml").write_text(hostile + '\n[[event]]\nid = "\\u001b]0;pwned\\u0007"\n', encoding="utf-8")
        explorer.until("the store has")
        explorer.end("q")
    rest = ALLOWED.sub("", explorer.sent.decode())
    assert [c for c in rest if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\u200d"] == []


def test_a_changed_file_is_read_again_with_the_query_the_day_and_the_cursor(store):
    with ScreenReader("--today=2024-01-01", "explore", "--as-of=2021", "actor:argo,nao", cwd=store.parent) as explorer:
        explorer.until("as of 2021-12-31", "3 of 3 events")
        explorer.press("jj", lambda: explorer.current == "Nao is wrecked")
        added = '[[event]]\nid = "early"\ndate = "2001"\ntitle = "Argo is built"\nactors = ["argo"]\nknown = "2002"\n'
        store.write_text(STORE.replace("Nao is wrecked", "Nao sinks") + added, encoding="utf-8")
        explorer.until("as of 2021-12-31", "4 of 4 events", "actor:argo,nao", "Argo is built")
        explorer.until_at("Nao sinks")
        # Its card is drawn again; after the event is removed, the list is back.
        explorer.press(ENTER, "2020-03-01 ", "Nao sinks")
        store.write_text(STORE.replace("2020-03-01", "2020-04-09"), encoding="utf-8")
        explorer.until("2020-04-09", "Nao is wrecked")
        store.write_text(STORE.partition('[[event]]\nid = "wreck"')[0], encoding="utf-8")
        explorer.until('no event "wreck"', "Enter card")
        explorer.press("x", "2 of 2 events")
        explorer.until_at("A storm delays Argo")
        # The file is missing for a moment.
        store.unlink()
        explorer.until("the store has 1 problem", "no such file")
        store.write_text(STORE, encoding="utf-8")
        explorer.until("3 of 3 events", without="problem")
        assert explorer.end("q")[0] == 0


def test_an_invalid_store_keeps_the_last_answer_until_it_is_fixed(store):
    invalid = STORE.replace('date = "2022"', 'date = "2022-13"').replace('actors = ["nao"]', 'actors = ["nobody"]')
    fixed = store.parent / "fixed"
    fixed.write_text(STORE.replace("is found", "was found"), encoding="utf-8")
    editor = f"sh -c 'echo \"$0\" > line; cp {fixed} {store}'"
    with ScreenReader("explore", "kind:discovery", cwd=store.parent, EDITOR=editor) as explorer:
        explorer.until("1 of 4 events")
        store.write_text(invalid, encoding="utf-8")
        shown = explorer.until("facts.toml:44: find: ", "the store has", "e: edit the first one", "The wreck is found")
        assert shown.count("facts.toml:") == 2
        # The last answer is still there to look at.
        explorer.press(ENTER, "known      2022-07-01", "the store has")
        explorer.press("/\x15" + ENTER, "all events", "Argo is launched", "the store has")
        explorer.press("e", "4 of 4 events", "The wreck was found")
        assert (store.parent / "line").read_text() == "+39\n"
        explorer.end("q")


def test_a_store_that_is_invalid_at_first(store):
    store.write_text(STORE.replace('date = "2022"', 'date = "soon"'), encoding="utf-8")
    with ScreenReader("explore", "kind:discovery", cwd=store.parent) as explorer:
        explorer.until("facts.toml:44", "the store has 1 problem")
        for key in ("j", ENTER, "l", "c", "C", "y", "[", "d" + ENTER, "/x" + ENTER, "w" + ENTER):
            explorer.press(key)
        explorer.press(ESCAPE + "j", "the store has 1 problem")
        store.write_text(STORE, encoding="utf-8")
        explorer.until("1 of 4 events", "The wreck is found")
        assert explorer.end("q")[0] == 0


FAILING = """
import sys
from autotimeline.cli import main
from autotimeline.cli.explore.explorer import Explorer
Explorer._move_page = lambda self, pages: 1 / 0
sys.exit(main())
"""


def test_an_exception_restores_the_terminal(store):
    with ScreenReader("explore", cwd=store.parent, program=(sys.executable, "-c", FAILING)) as explorer:
        explorer.until("4 of 4 events")
        code, printed = explorer.end(" ")
        assert code == 1
        assert "ZeroDivisionError" in printed
        explorer.assert_restored()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_a_signal_restores_the_terminal_and_ends_the_program(store, name):
    number = signal.Signals[name]
    with ScreenReader("explore", cwd=store.parent) as explorer:
        explorer.until("4 of 4 events")
        explorer.press("/wreck", "2 of 4 events")
        explorer.kill(number)
        assert explorer.end() == (130 if name == "SIGINT" else -number, "")
        explorer.assert_restored()


def test_control_c_interrupts(store):
    with ScreenReader("explore", cwd=store.parent) as explorer:
        explorer.until("4 of 4 events")
        assert explorer.end("\x03") == (130, "")
        explorer.assert_restored()


def test_a_signal_while_the_editor_has_the_terminal(store):
    editor = "sh -c 'echo ready; read line'"
    with ScreenReader("explore", cwd=store.parent, EDITOR=editor) as explorer:
        explorer.until("4 of 4 events")
        explorer.type("e")
        explorer.until_sent(b"ready")
        # The editor's screen is left alone.
        explorer.kill(signal.SIGTSTP)
        explorer.kill(signal.SIGTERM)
        assert explorer.end("\n")[0] == -signal.SIGTERM
        assert explorer.sent.count(b"\x1b[?1049h") == explorer.sent.count(b"\x1b[?1049l") == 2
        explorer.assert_restored()


def test_the_program_stops_as_a_job_and_continues(store):
    with ScreenReader("explore", cwd=store.parent, is_job=True) as explorer:
        explorer.until("4 of 4 events")
        for stop in (lambda: explorer.type("\x1a"), lambda: os.kill(explorer.job(), signal.SIGTSTP)):
            stop()
            explorer.until_sent(b"stopped")
            explorer.assert_restored()
            explorer.sent = explorer.sent.replace(b"stopped", b"")
            explorer.screen.reset()
            # The shell continues it.
            explorer.press("\n", "4 of 4 events", "Argo is launched")
        explorer.press("j", lambda: explorer.current == "A storm delays Argo")
        explorer.type("q")
        explorer.until_sent(b"autotimeline list\r\n")
        explorer.assert_restored()


REFUSED = "autotimeline: explore: not on a full-screen terminal; write `autotimeline timeline` instead\n"


def test_without_a_terminal_one_line_refuses(store, monkeypatch):
    monkeypatch.chdir(store.parent)
    assert ask("explore", "actor:argo") == (2, "", REFUSED)
    done = program.start("explore", cwd=store.parent, env=program.environment(store.parent))
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", REFUSED)


@pytest.mark.parametrize(
    ("arguments", "variables", "refused"),
    [
        ([], {"TERM": "dumb"}, REFUSED),
        (
            ["-f", "/dev/null"],
            {},
            "autotimeline: explore: /dev/null cannot be read again after a change; name a regular file\n",
        ),
        (["-f", "-"], {}, "autotimeline: explore: - cannot be read again after a change; name a regular file\n"),
        (["actor:nobody"], {}, 'autotimeline: no actor "nobody"\n'),
        (["--as-of=soon"], {}, "autotimeline: --as-of soon: not a date\n"),
    ],
)
def test_what_is_refused_on_a_terminal(store, arguments, variables, refused):
    with ScreenReader("explore", *arguments, cwd=store.parent, **variables) as explorer:
        code, printed = explorer.end()
    assert code == 2
    assert printed.startswith(refused.rstrip("\n"))
    assert printed.count("\n") == 1
    assert b"\x1b" not in explorer.sent


def test_windows_is_refused(store, monkeypatch):
    with ScreenReader("explore", cwd=store.parent, program=(sys.executable, "-c", NO_TERMIOS)) as explorer:
        assert explorer.end() == (2, "autotimeline: explore: not on Windows; write `autotimeline timeline` instead\n")


NO_TERMIOS = "import sys; sys.modules['termios'] = None; from autotimeline.cli import main; sys.exit(main())"
