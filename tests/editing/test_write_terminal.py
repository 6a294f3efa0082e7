"""A person adds an event by question and answer, or edits one: what they type is never lost, nor is the store."""

import stat
import sys

import pytest
from writing import STORE, Terminal, hidden

import program
from asking import ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind")


@pytest.fixture
def env(cache, tmp_path) -> dict[str, str]:
    # Readline reads no one's settings.
    return program.environment(cache.parent, INPUTRC="/dev/null", TMPDIR=str(tmp_path / "tmp"))


@pytest.fixture
def store(tmp_path):
    (tmp_path / "tmp").mkdir()
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    return path


@pytest.fixture
def person(store, env):
    """Return what starts the program on a terminal."""
    return lambda *words, **more: Terminal(*words, cwd=store.parent, env={**env, **more})


QUESTIONS = {
    "title": "What happened?",
    "date": "When? 2025-11-22",
    "period": "Or throughout which time?",
    "kind": "What kind of event?",
    "status": "Did it happen, is it planned or cancelled? [happened]",
    "actor": "Who took part? NAME, or ROLE=NAME.",
    "figure": "A number?",
    "place": "Where?",
    "tag": "A tag?",
    "source": "Who says so?",
    "note": "A note?",
}


def go_on(terminal: Terminal, *without: str, **answers: str) -> None:
    """Answer the questions in order, those not named with nothing."""
    for name, question in QUESTIONS.items():
        if name not in without:
            terminal.answer(question, answers.get(name, ""))
            if answers.get(name) and name in ("actor", "figure", "place", "tag", "source"):
                terminal.answer("(another?)")


def test_an_event_by_question_and_answer(person, store, cache):
    with person("add") as terminal:
        terminal.answer("What happened?")
        assert "an event needs a title" in terminal.answer("What happened?", "Nao is found")
        terminal.answer("When?", "10/11/2025")
        assert "is ambiguous: write 2025-11-10" in terminal.answer("When?", "2025-02")
        terminal.answer("What kind of event?", "find")
        terminal.answer("[happened]", "hapened")
        assert 'did you mean "happened"?' in terminal.answer("[happened]")
        # An actor by its beginning and Tab; one mistyped, and named again; one that is new.
        terminal.until("Who took part?")
        terminal.type("na\t")
        terminal.until("nao")
        terminal.type("\n")
        terminal.answer("(another?)", "arg0")
        assert 'did you mean "argo"?' in terminal.until("Add it? [y/N]")
        terminal.type("n\n")
        assert "name another, or go on" in terminal.answer("(another?)", "argo")
        terminal.answer("(another?)", "Xin Mia")
        terminal.answer("Add it? [y/N]", "y")
        terminal.answer("(another?)", "ship=nao")
        assert "the actors have no roles" in terminal.answer("(another?)")
        terminal.answer("A number?", "loss")
        assert "write METRIC=VALUE" in terminal.answer("A number?", "loss=~1 million EUR")
        terminal.answer("(another?)")
        terminal.answer("Where?", "Hangzhou, China")
        terminal.answer("(another?)")
        terminal.answer("A tag?", "sea")
        terminal.answer("(another?)")
        terminal.answer("Who says so?", "The Gazette")
        terminal.answer("Add it? [y/N]", "y")
        terminal.answer("When did it appear?", "2025-03")
        terminal.answer("(another?)")
        terminal.answer("A note?")
        shown = terminal.answer("Write it? [Y/n]", "y")
        code, said = terminal.end()
    assert code == 0
    assert said.splitlines()[-4:] == [
        'autotimeline: new actor "xin-mia": Xin Mia',
        'autotimeline: new source "the-gazette": The Gazette',
        "nao-is-found-2025: added; revert it with `autotimeline undo`",
        "nao-is-found-2025",
    ]
    text = store.read_text()
    event = """\
[[event]]
id = "nao-is-found-2025"
date = "2025-02"
title = "Nao is found"
kind = "find"
actors = ["nao", "argo", "xin-mia"]
places = ["Hangzhou, China"]
tags = ["sea"]
figures = { loss = { value = "~1m EUR", printed = "~1 million EUR" } }
sources = ["the-gazette"]
"""
    actor = '[actor.xin-mia]\nname = "Xin Mia"\n'
    source = '[source.the-gazette]\ntitle = "The Gazette"\npublished = "2025-03"\n'
    for block in (event, actor, source):
        assert block in text
        assert all(line in shown for line in block.splitlines() if not line.startswith("id ="))
    assert ask("-f", store, "list")[0] == 0
    assert ask("-f", store, "undo")[0] == 0
    assert store.read_text() == STORE


def test_a_twin_is_shown_before_it_is_added(person, store):
    for answer, code in (("n", 4), ("y", 0)):
        with person("add") as terminal:
            go_on(terminal, "period", title="Argo is launched", date="2023", actor="ship=argo")
            terminal.answer("Write it? [Y/n]")
            assert 'likely a duplicate of event "launch": the same title' in terminal.answer("Write it? [Y/n]", answer)
            assert terminal.end()[0] == code
    assert 'id = "argo-is-launched-2023"' in store.read_text()


def test_what_is_new_and_called_like_another_has_an_id_of_its_own(person, store):
    store.write_text(STORE.replace('name = "Argo"', 'name = "First"'))
    with person("add") as terminal:
        for name, question in QUESTIONS.items():
            if name == "actor":
                terminal.answer(question, "ARGO!")
                terminal.answer("Add it? [y/N]", "y")
                terminal.answer("(another?)")
            else:
                terminal.answer(question, "X" if name == "title" else "")
        terminal.answer("Write it? [Y/n]")
        assert terminal.end()[0] == 0
    assert '[actor.argo-2]\nname = "ARGO!"\n' in store.read_text()


def unchanged(store) -> None:
    assert store.read_text() == STORE
    assert hidden(store.parent) == []
    assert ask("-f", store, "undo")[0] == 4


@pytest.mark.parametrize("after", ["title", "source", "note"])
def test_ctrl_c_ends_the_questions_and_nothing_is_written(after, person, store):
    with person("add") as terminal:
        for name, question in QUESTIONS.items():
            if name == after:
                terminal.until(question)
                break
            terminal.answer(question, "X" if name == "title" else "")
        code, said = terminal.interrupt()
    assert code == 130
    assert "nothing was written\n" in said
    # The answers are kept, if there are any.
    assert ("your answers are in " in said) == (after != "title")
    unchanged(store)


@pytest.mark.parametrize("after", ["title", "note"])
def test_answers_that_end_too_early(after, person, store):
    with person("add") as terminal:
        for name, question in QUESTIONS.items():
            if name == after:
                terminal.until(question)
                break
            terminal.answer(question, "X" if name == "title" else "")
        terminal.type("\x04")
        code, said = terminal.end()
    assert code == 4
    assert "autotimeline: missing answer; nothing was written\n" in said
    assert ("your answers are in" in said) is (after == "note")
    unchanged(store)


def test_a_terminal_that_is_closed(person, store):
    with person("add") as terminal:
        terminal.answer("What happened?", "X")
        terminal.until("When?")
        assert terminal.hang_up() != 0
    unchanged(store)


def test_nobody_is_asked_for_what_cannot_be_written(person, store, tmp_path):
    store.chmod(0o444)
    with person("add") as terminal:
        code, said = terminal.end()
    assert code == 4
    assert (
        said
        == "autotimeline: facts.toml: it is read-only; nothing was written: `chmod u+w facts.toml` makes it writable\n"
    )
    (tmp_path / "more.toml").write_text("")
    store.chmod(0o644)
    with person("-f", str(tmp_path), "add") as terminal:
        code, said = terminal.end()
    assert (code, "say with --into which takes it" in said) == (2, True)
    with person("-f", "-", "add") as terminal:
        code, said = terminal.end()
    assert (code, "standard input cannot be changed" in said) == (2, True)
    unchanged(store)


def test_a_store_that_changes_while_somebody_answers(person, store):
    with person("add") as terminal:
        go_on(terminal, "period", "note", title="Nao is found", date="2025", actor="nao")
        # Another, and a person with an editor, write meanwhile: they wait for nobody here.
        assert ask("-f", store, "add", "Argo is sold", "--date", "2024", "--timeout", "0")[0] == 0
        with store.open("a") as file:
            file.write("# by hand\n")
        terminal.answer("A note?")
        terminal.answer("Write it? [Y/n]")
        assert terminal.end()[0] == 0
    text = store.read_text()
    for part in ("argo-is-sold-2024", "# by hand", "nao-is-found-2025"):
        assert part in text


def kept(said: str) -> str:
    """Return the answers in the file that an error names."""
    with open(said.partition("your answers are in ")[2].partition(";")[0], encoding="utf-8") as file:
        return file.read()


def test_a_store_that_changes_so_that_the_answers_no_longer_fit(person, store):
    with person("add") as terminal:
        go_on(terminal, "period", "note", title="Nao is found", date="2025", actor="nao")
        assert ask("-f", store, "remove", "nao", "--force")[0] == 0
        now = store.read_text()
        terminal.answer("A note?")
        assert 'no actor "nao"' in terminal.answer("Add it? [y/N]", "n")
        code, said = terminal.end()
    assert code == 4
    assert "Nao is found" in kept(said)
    assert store.read_text() == now


def test_the_answers_are_kept_where_another_writes_for_too_long(person, store):
    import fcntl

    with person("add", "--timeout", "0") as terminal:
        go_on(terminal, "note", title="X")
        with open(store.parent / ".facts.toml.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            terminal.answer("A note?")
            terminal.answer("Write it? [Y/n]")
            code, said = terminal.end()
    assert code == 4
    assert kept(said) == '[[event]]\nid = "x"\ntitle = "X"\n'
    assert "another autotimeline has been writing it" in said


def test_answers_are_taken_back_and_kept(person, store):
    url = "https://example.org/nao"
    with person("add") as terminal:
        terminal.answer("What happened?", "Nao is fond")
        terminal.answer("When?", "<")
        terminal.answer("What happened?", "Nao is found")
        terminal.answer("When?", "Feb 2025")
        for name in ("kind", "status"):
            terminal.answer(QUESTIONS[name])
        terminal.answer(QUESTIONS["actor"], "argo")
        terminal.answer("(another?)", "<")
        terminal.answer(QUESTIONS["actor"], "Nao")
        for question in ("(another?)", "A number?", "Where?", "A tag?"):
            terminal.answer(question)
        terminal.answer(QUESTIONS["source"], url)
        assert f'no source "{url}"' in terminal.answer("Add it? [y/N]", "y")
        terminal.answer(f"Its title? [{url}]", "The find")
        terminal.answer("When did it appear?", "<")
        terminal.answer(QUESTIONS["source"], url)
        terminal.answer("Add it? [y/N]", "y")
        terminal.answer(f"Its title? [{url}]", "The find of the Nao")
        terminal.answer("When did it appear?", "soon")
        assert 'published: "soon" is not a date' in terminal.answer(QUESTIONS["source"], url)
        terminal.answer("Add it? [y/N]", "y")
        terminal.answer(f"Its title? [{url}]", "The find of the Nao")
        terminal.answer("When did it appear?", "March 2025")
        terminal.answer("(another?)")
        terminal.answer("A note?")
        terminal.answer("Write it? [Y/n]", "<")
        terminal.answer("A note?", "by chance")
        terminal.answer("Write it? [Y/n]", "n")
        code, said = terminal.end()
    assert code == 4
    assert "autotimeline: nothing was written\n" in said
    unchanged(store)
    expected = f"""\
[source.example-org-the-find-of-the-nao]
title = "The find of the Nao"
published = "2025-03"
url = "{url}"

[[event]]
id = "nao-is-found-2025"
date = "2025-02"
printed = "Feb 2025"
title = "Nao is found"
actors = ["nao"]
sources = ["example-org-the-find-of-the-nao"]
note = "by chance"
"""
    assert kept(said) == expected
    (store.parent / "kept.toml").write_text(kept(said))
    assert ask("-f", store, "import", store.parent / "kept.toml")[0] == 0
    assert all(block in store.read_text() for block in expected.split("\n\n"))


# An editor


@pytest.fixture
def editor(store):
    """Return what makes an editor of a script that has the path of the text in `$1`, and in `$n` how often."""

    def made(script: str) -> str:
        path = store.parent / "tmp" / "editor.sh"
        count = store.parent / "tmp" / "count"
        path.write_text(f"#!/bin/sh\necho >> {count}\nn=$(wc -l < {count})\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return made


def left(tmp_path) -> list[str]:
    """Return the texts that are kept."""
    return [path.read_text(errors="replace") for path in (tmp_path / "tmp").glob("autotimeline-*/*")]


def edit(person, editor, script: str, *words: str) -> tuple[int, str]:
    with person("edit", *(words or ["wreck"]), EDITOR=editor(script), VISUAL="") as terminal:
        return terminal.end()


def test_a_text_is_edited_until_it_fits(person, editor, store, tmp_path):
    script = f"""
cp "$1" {tmp_path}/seen$n
case $n in
1) sed -i 's/^date .*/date = "2024-31"/; s/actors.*/actors = ["noa"] # who/' "$1";;
2) sed -i 's/^date .*/date = "2024-03"/' "$1";;
3) sed -i 's/noa/nao/' "$1";;
esac"""
    code, said = edit(person, editor, script)
    assert (code, said) == (0, "wreck is changed; revert it with `autotimeline undo`\n")
    first, second, third = ((tmp_path / f"seen{n}").read_text() for n in (1, 2, 3))
    assert first == STORE[STORE.index('[[event]]\nid    = "wreck"') :]
    # The lines are those of the text that it stands above.
    assert second.startswith('#! line 5: date: "2024-31"')
    assert second.split("\n")[4] == 'date = "2024-31"'
    hint = "#! Correct it below; leave all as it is to give up.\n"
    assert third.startswith(f'#! line 7: actors: no actor "noa"; did you mean "nao"?\n{hint}[[event]]\n')
    assert third.split("\n")[6] == 'actors = ["noa"] # who'
    expected = STORE.replace('date  = "2024"', 'date = "2024-03"').replace(
        'actors = ["nao", "argo"]', 'actors = ["nao"] # who'
    )
    assert store.read_text() == expected
    assert left(tmp_path) == []
    assert ask("-f", store, "undo")[0] == 0
    assert store.read_text() == STORE


def test_comments_of_theirs_stay_whatever_they_begin_with(person, editor, store):
    before = STORE.replace("figures.loss", "#! mine\nfigures.loss")
    store.write_text(before)
    script = 'case $n in 1) sed -i "s/2024/2024-31/" "$1";; 2) sed -i "s/2024-31/2024-12/" "$1";; esac'
    assert edit(person, editor, script)[0] == 0
    assert store.read_text() == before.replace('"2024"', '"2024-12"')


@pytest.mark.parametrize("end", ["", "\n"], ids=["no newline", "newline"])
@pytest.mark.parametrize("script", ["true", 'touch "$1"'])
def test_nothing_edited_is_nothing_changed(script, end, person, editor, store):
    store.write_text(STORE.rstrip("\n") + end)
    before = store.stat()
    assert edit(person, editor, script) == (0, "nothing to change: the values are the same\n")
    assert (store.stat().st_ino, store.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("exit 3", "ended with 3"),
        ("kill -9 $$", "ended with -9"),
        ('rm "$1"', "the edited text cannot be read"),
        ('printf "caf\\351" > "$1"', "the edited text cannot be read"),
        ('echo garbage > "$1"', "nothing was written; your text is in"),
        ('echo "" > "$1"', 'this has to be event "wreck" and no more'),
        ('sed -i s/wreck/other/ "$1"', "`autotimeline rename` gives another id"),
        ('[ $n = 1 ] && cat "$1" "$1" > "$1.2" && mv "$1.2" "$1"; true', "nothing was written; your text is in"),
        ('[ $n = 1 ] && echo "note = \'\'\'" >> "$1"; true', "nothing was written; your text is in"),
    ],
)
def test_an_editor_that_makes_no_sense_of_it(script, what, person, editor, store, tmp_path):
    code, said = edit(person, editor, script)
    assert code == 4
    assert what in said
    assert "Traceback" not in said
    # Where nothing was typed, or nothing is there any more, nothing is left.
    gone = script in ("exit 3", "kill -9 $$")
    assert ("; your text is in " in said) is not gone
    assert (left(tmp_path) == []) is (gone or "rm " in script)
    assert store.read_text() == STORE
    assert hidden(store.parent) == []


def test_what_was_typed_before_the_editor_failed_is_kept(person, editor, store, tmp_path):
    code, said = edit(person, editor, 'sed -i s/2024/2025/ "$1"; exit 3')
    assert code == 4
    assert "ended with 3\n" in said
    assert "nothing was written; your text is in " in said
    assert left(tmp_path) != []


def test_an_editor_that_is_not_there(person, store, tmp_path):
    with person("edit", "wreck", EDITOR="/no/editor", VISUAL="") as terminal:
        code, said = terminal.end()
    assert code == 4
    assert "/no/editor: no such file or directory; set EDITOR to the command of an editor\n" in said
    assert said.endswith("nothing was written\n")
    assert left(tmp_path) == []
    assert store.read_text() == STORE


def test_what_would_swallow_the_next_block_is_refused(person, editor, store):
    text = STORE.replace("# The first of them.", '# The """')
    store.write_text(text)
    script = """[ $n = 1 ] && echo 'note = \\"\\"\\"' >> "$1"; true""".replace("\\", "")
    code, said = edit(person, editor, script, "alias:sailed")
    assert code == 4
    assert "line 5: unclosed text; end it with" in said
    assert store.read_text() == text


def test_a_store_that_changes_while_it_is_edited(person, editor, store, tmp_path):
    other = f"{sys.executable} -m autotimeline -f {store} set"
    # Elsewhere: both changes stand.
    script = f'{other} launch kind=start >&2; sed -i \'s/^title.*/title = "Lost"/\' "$1"'
    assert edit(person, editor, script)[0] == 0
    text = store.read_text()
    assert '"Lost"' in text
    assert '"start"' in text
    # The block itself: neither is lost.
    (tmp_path / "tmp" / "count").unlink()
    script = f'[ $n = 1 ] && {other} wreck kind=loss >&2; [ $n = 1 ] && echo "# mine" >> "$1"; true'
    code, said = edit(person, editor, script)
    assert code == 4
    assert 'event "wreck" has changed while you edited it; edit it anew' in said
    assert '"loss"' in store.read_text()
    assert "# mine" not in store.read_text()
    (kept,) = left(tmp_path)
    assert "# mine" in kept


def test_ctrl_c_belongs_to_the_editor(person, editor, store, tmp_path):
    script = 'trap \'echo "# saved" >> "$1"; exit 0\' INT; echo ready; while :; do sleep 0.1; done'
    with person("edit", "wreck", EDITOR=editor(script), VISUAL="") as terminal:
        terminal.until("ready")
        terminal.type("\x03")
        code, _ = terminal.end()
    assert code == 0
    assert store.read_text() == STORE + "# saved\n"
    assert left(tmp_path) == []


def test_an_editor_without_a_terminal_has_one_try(store, env, editor):
    from writing import run

    code, out, err = run("edit", "wreck", cwd=store.parent, env={**env, "EDITOR": editor("echo x >> $1"), "VISUAL": ""})
    assert (code, out) == (4, "")
    assert "; your text is in " in err
    code, out, err = run(
        "edit", "wreck", cwd=store.parent, env={**env, "EDITOR": editor('sed -i s/2024/2025/ "$1"'), "VISUAL": ""}
    )
    assert (code, out, err) == (0, "", "")
    assert '"2025"' in store.read_text()


def test_line_ends_survive_an_editor_that_knows_only_one(person, editor, store):
    before = b"\xef\xbb\xbf" + STORE.encode().replace(b"\n", b"\r\n")
    store.write_bytes(before)
    assert edit(person, editor, 'grep -c "$(printf \'\\r\')" "$1"; sed -i "s/2024/2025/; \\$a # end" "$1"')[0] == 0
    assert store.read_bytes() == before.replace(b'"2024"', b'"2025"') + b"# end\r\n"
