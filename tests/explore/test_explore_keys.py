"""Every key of the explorer, on a terminal with a screen."""

import base64
import re
import shlex
import sys

import pytest

import program

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind", allow_module_level=True)
pytest.importorskip("pyte")

from screen_reader import STORE, ScreenReader

from autotimeline.cli.explore.explorer import KEYS

ENTER, ESCAPE, TAB, UP, DOWN, LEFT, RIGHT = "\r", "\x1b", "\t", "\x1b[A", "\x1bOB", "\x1b[D", "\x1b[C"


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, encoding="utf-8")
    return path


@pytest.fixture
def explorer(store):
    with ScreenReader("--today=2024-01-01", "explore", cwd=store.parent) as reader:
        reader.until("4 of 4 events")
        yield reader


def test_moving_and_the_card(explorer):
    explorer.until_at("Argo is launched")
    for key, title in (
        ("j", "A storm delays Argo"),
        (DOWN, "Nao is wrecked"),
        (UP, "A storm delays Argo"),
        ("k", "Argo is launched"),
        ("G", "The wreck is found"),
        ("g", "Argo is launched"),
        ("\x1b[F", "The wreck is found"),
        ("\x1b[H", "Argo is launched"),
        ("\x1b[6~", "The wreck is found"),
        ("\x1b[5~", "Argo is launched"),
        (" ", "The wreck is found"),
        ("kkkkkk", "Argo is launched"),
        ("j", "A storm delays Argo"),
    ):
        explorer.type(key)
        explorer.until_at(title)
    card = explorer.press(ENTER, "facts.toml:26")
    assert "approximate" in card
    assert "Escape back" in card
    explorer.press(RIGHT, "Later paper", without="A storm delays Argo")
    explorer.press(LEFT, "A storm delays Argo")
    explorer.press(ESCAPE, "Enter card")
    explorer.until_at("A storm delays Argo")
    explorer.press(ENTER, "facts.toml:26")
    explorer.press("\x7f", "Enter card")
    explorer.press("\x1b[20~\x0c", "Enter card")
    assert explorer.end("q") == (0, "autotimeline list --today=2024-01-01\n")
    explorer.assert_restored()


def test_a_view_scrolls(store):
    with ScreenReader("explore", cwd=store.parent, rows=8) as explorer:
        explorer.until("4 of 4 events")
        explorer.press(ENTER, "launch · ● happened", without="sources")
        explorer.press("jj", "sources", without="launched")
        explorer.press("G", "facts.toml:18")
        explorer.press("k", "sources", without="facts.toml:18")
        explorer.press("g", "launch · ● happened")
        assert explorer.end("q") == (0, "autotimeline show launch\n")


def test_the_answer_follows_the_query_as_it_is_typed(explorer):
    explorer.press("jjj", lambda: explorer.current == "The wreck is found")
    # An invalid query keeps the last answer, and shows the remedy.
    explorer.press("/kind:voyage", "2 of 4 events", lambda: "A storm" not in explorer.text)
    explorer.press(" actor:", '"actor:" lacks a value; write actor:VALUE', "Argo is launched", "Nao is wrecked")
    explorer.press("nobody", 'no actor "nobody"', "Argo is launched")
    explorer.press("\x7f" * 6 + "na" + TAB, "1 of 4 events", without="Argo is launched")
    explorer.press(ENTER, "Enter card", "kind:voyage actor:nao")
    explorer.until_at("Nao is wrecked")
    # Several completions are listed; Escape returns to the query from before.
    explorer.press("/\x15kind:" + TAB, "discovery", "voyage", "weather")
    explorer.press("d", "/kind:d", without="weather")
    explorer.press(ESCAPE, "Enter card", "kind:voyage actor:nao", "1 of 4 events")
    # The cursor returns to its event when the answer has it again.
    explorer.press("/\x15" + ENTER, "4 of 4 events", "all events")
    explorer.until_at("Nao is wrecked")
    # The history, and keys within a line.
    explorer.press("/" + UP + UP, "/kind:voyage actor:nao")
    explorer.press(DOWN + DOWN, lambda: explorer.lines[-1] == "/")
    explorer.press("xlaunched\x1b[H\x1b[3~\x1b[C\x1b[D", "1 of 4 events", "/launched")
    explorer.press("\x01not \x7f \x05", "3 of 4 events", "/not launched")
    # Pasted text is typed, without its control characters, and no key.
    explorer.press("\x1b[200~ or\n\x07q\x1b[201~", lambda: explorer.lines[-1] == "/not launched or q")
    explorer.press("\x7f\x7f\x7f\x7f\x7f" + ENTER, "Enter card", "3 of 4 events")
    explorer.press("\x1b[200~q\x1b[201~j", lambda: explorer.current == "The wreck is found")
    code, printed = explorer.end("q")
    assert (code, printed) == (0, "autotimeline list --today=2024-01-01 not launched\n")


def test_an_empty_answer_is_explained(explorer):
    explorer.press("/lonched", "0 of 4 events")
    explorer.press(ENTER, 'no event has the word "lonched"; did you mean "launched"?')
    explorer.press(ENTER, "no event at the cursor")
    for key in "eyc":
        explorer.press("j" + key, "no event at the cursor")
    explorer.press("l", "nothing to show")


def test_edit_opens_the_editor_at_the_line(store, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "$@" > edited\nsed -i "s/Nao is/Nao was/" "$2"\n', encoding="utf-8")
    editor.chmod(0o755)
    with ScreenReader("explore", cwd=tmp_path, EDITOR=str(editor)) as explorer:
        explorer.until("4 of 4 events")
        explorer.press("jje", "Nao was wrecked")
        explorer.until_at("Nao was wrecked")
        assert (tmp_path / "edited").read_text() == f"+34 {store}\n"
        editor.unlink()
        explorer.press("e", "set EDITOR to the command of an editor")
        explorer.end("q")
        explorer.assert_restored()


def test_copy_sends_the_id_to_the_clipboard_of_the_terminal(explorer):
    explorer.press("jy", "copied, if the terminal allows it: storm")
    assert b"\x1b]52;c;" + base64.b64encode(b"storm") + b"\x07" in explorer.sent


def test_lanes_by_each_field_follow_the_query(explorer):
    explorer.press("l", "voyage", "discovery", "some time within", without="launched")
    explorer.press("l", "Argo", "Nao", without="voyage")
    explorer.press("/actor:argo" + ENTER, "2 of 4 events", without="Nao")
    explorer.press("l", "happened", without="Argo ")
    code, printed = explorer.end("q")
    assert (code, printed) == (0, "autotimeline chart --today=2024-01-01 --by=status actor:argo\n")


def test_compare_events_and_queries(explorer):
    explorer.press("c", "A: id:launch")
    explorer.press("c", without="A: id:launch")
    explorer.press("cj", "A: id:launch")
    explorer.press("c", "gap", "Argo is launched", "A storm delays Argo", without="A: ")
    explorer.press(ESCAPE, "Enter card")
    explorer.press("C", "the query is empty; press / to write one")
    explorer.press("/actor:argo" + ENTER, "2 of 4 events")
    explorer.press("C", "A: actor:argo")
    explorer.press("/\x15actor:nao" + ENTER, "1 of 4 events")
    explorer.press("C", "by kind", "actor:argo", "actor:nao", without="A: ")
    code, printed = explorer.end("q")
    assert (code, printed) == (0, "autotimeline compare --today=2024-01-01 actor:argo actor:nao\n")


def test_as_of_steps_to_the_days_on_which_something_became_known(explorer):
    explorer.press("]", "as of now: nothing became known later")
    explorer.press("[", "as of 2022-07-01", "4 of 4 events")
    explorer.press("[", "as of 2021-05-01", "3 of 3 events", without="The wreck is found")
    explorer.press("[", "as of 2020-02-01", "2 of 2 events", without="Nao is wrecked")
    explorer.press("[", "as of 2020-02-01: nothing became known earlier")
    explorer.press("]", "as of 2021-05-01", "3 of 3 events")
    explorer.press("d", "as of (empty: now): 2021-05-01")
    explorer.press("\x152020" + ENTER, "as of 2020-12-31", "2 of 2 events")
    explorer.press("d\x15someday" + ENTER, "--as-of someday: not a date")
    explorer.press("\x15" + ENTER, "4 of 4 events", without="as of 20")
    explorer.press("[", "as of 2022-07-01")
    explorer.press("]", without="as of 2022")
    explorer.press("[[", "3 of 3 events")
    code, printed = explorer.end("q")
    assert (code, printed) == (0, "autotimeline list --today=2024-01-01 --as-of=2021-05-01\n")


def test_write_exports_the_events_of_the_query(explorer, store):
    explorer.press("/actor:argo" + ENTER, "2 of 4 events")
    explorer.press("w", "write to: view.html")
    explorer.press("\x15view.csv" + ENTER, "view.csv: written")
    written = (store.parent / "view.csv").read_text()
    assert "storm" in written
    assert "Nao" not in written
    # An existing file is replaced only if the user confirms it.
    explorer.press("/\x15actor:nao" + ENTER, "1 of 4 events")
    explorer.press("w\x15view.csv" + ENTER, "already exists", "or press w and Enter again")
    assert (store.parent / "view.csv").read_text() == written
    explorer.press("w" + ENTER, "view.csv: written")
    assert "Nao" in (store.parent / "view.csv").read_text()
    explorer.press("w\x15view.none" + ENTER, "no snapshot format has this extension", "csv|")


def test_the_keys_are_searched(explorer):
    shown = explorer.press("?", "Show the keys", "keys:")
    shown += explorer.press(DOWN * 9, "Draw the screen again.", without="Show the keys")
    explorer.press("move", "Move up a page.", without="Draw lanes")
    for key in KEYS:
        assert f"{', '.join(key.names)}  " in shown
        assert key.help in shown
    explorer.press("xx", "no such key")
    explorer.press(ENTER, "Enter card", "Argo is launched")


def test_the_equivalent_command_prints_the_same_events(store):
    options = ("-f", "facts.toml", "--certain", "--as-of", "2023", "--kind", "voyage")
    with ScreenReader("explore", *options, 'text:"is launched"', "or", "wrecked", cwd=store.parent) as explorer:
        explorer.until("2 of 4 events")
        code, printed = explorer.end("q")
    assert code == 0
    words = shlex.split(printed)
    assert words[:5] == ["autotimeline", "list", "--file=facts.toml", "--as-of=2023-12-31", "--certain"]
    env = program.environment(store.parent / "cache")
    done = program.run(*words[1:], "--fields=id", cwd=store.parent, env=env)
    assert done.stdout.decode().split() == ["launch", "wreck"]


def test_each_mode_has_a_line_of_hints_that_fits(store):
    for columns in (40, 200):
        with ScreenReader("explore", cwd=store.parent, columns=columns) as explorer:
            explorer.until("4 of 4 events")
            assert explorer.lines[-1].startswith("? keys · q quit · / query")
            assert re.search("card", explorer.lines[-1])
            assert ("y copy" in explorer.lines[-1]) == (columns == 200)
            explorer.press(ENTER, "? keys · q quit · / query · Escape back")
            explorer.press("/", "Enter accept · Esc cancel · Tab")
            explorer.press(ESCAPE + "?", "Enter close · Up Down scroll", "keys:")
            explorer.press(ESCAPE + "d", "Enter accept · Esc cancel", "as of (empty: now):", without="Tab")
            explorer.press(ESCAPE, "? keys")
            explorer.end("q")


def test_the_query_of_the_command_line_is_explained(store):
    with ScreenReader("explore", "lonched", cwd=store.parent) as explorer:
        explorer.until('no event has the word "lonched"; did you mean "launched"?')
        # It is in the history.
        explorer.press("/\x15" + ENTER, "4 of 4 events")
        explorer.press("/" + UP + ENTER, "no event has the word", lambda: explorer.lines[0] == "lonched")
        assert explorer.end("q") == (0, "autotimeline list lonched\n")


def test_the_keys_are_documented():
    documented = (program.TOP / "docs/explore.md").read_text("utf-8")
    for name in (name for key in KEYS for name in key.names):
        assert (name if len(name) > 1 else f"`{name}`") in documented, name
