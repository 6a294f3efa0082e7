"""What an import updates, and that all stays of which the file says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from asking import ask

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")

HEAD = """\
[store]
title = "Deals"

[source.s1]
title = "One"
published = "2024-02"
note = "By mail."

[source.s2]
title = "Two"

[actor.acme]
name = "Acme"
aliases = ["A"]

[actor.byd]
name = "BYD"

[actor.cat]
name = "Cat"
"""
DEAL = """
[[event]]
id = "deal"   # by hand
date = "2024"
title = "Deal"
kind = "deal"
status = "planned"
actors = { buyer = "acme", target = "cat" }
places = ["Turin"]
tags = ["ev"]
figures.investment = { value = "~1.5bn EUR", printed = "about 1.5 billion", basis = "expected", note = "In all." }
figures.stake = [{ value = "~20%", of = "cat" }, { value = "5%", of = "byd", note = "Later." }]
sources = [{ id = "s1", quote = "We buy.", note = "p. 3" }]
links = { leads-to = ["later"] }
note = "Seen."
"""
LATER = """
[[event]]
id = "later"
date = "2025"
title = "Later"
figures.investment = "@deal"
"""
STORE = HEAD + DEAL + LATER
INVESTMENT = (
    'figures.investment = {{ value = "{} EUR", printed = "about 1.5 billion", basis = "expected", note = "In all." }}'
)
SAME = "autotimeline: 0 new, {} unchanged"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")
    return tmp_path


def changed(folder: Path) -> list[tuple[str, str]]:
    """Return (before, after) of each line of the store that is another now."""
    after = (folder / "facts.toml").read_text("utf-8").split("\n")
    before = STORE.split("\n")
    assert len(before) == len(after), "\n".join(after)
    return [(old, new) for old, new in zip(before, after, strict=True) if old != new]


def updated(*words: str) -> list[str]:
    code, out, err = ask("import", *words, "--update")
    assert (code, out) == (0, ""), err
    return err.splitlines()


@pytest.mark.parametrize(
    ("cell", "words", "says", "before", "after"),
    [
        (
            "byd",
            ["--map", "actor.maker=x"],
            'actors.maker: nothing becomes ["byd"]',
            'actors = { buyer = "acme", target = "cat" }',
            'actors = { buyer = "acme", target = "cat", maker = ["byd"] }',
        ),
        (
            "byd",
            ["--map", "actor.buyer=x"],
            'actors.buyer: ["acme"] becomes ["acme", "byd"]',
            'actors = { buyer = "acme", target = "cat" }',
            'actors = { buyer = ["acme", "byd"], target = "cat" }',
        ),
        (
            "new",
            ["--map", "tag=x"],
            'tags: ["ev"] becomes ["ev", "new"]',
            'tags = ["ev"]',
            'tags = ["ev", "new"]',
        ),
        (
            "Paris",
            ["--map", "place=x"],
            'places: ["Turin"] becomes ["Turin", "Paris"]',
            'places = ["Turin"]',
            'places = ["Turin", "Paris"]',
        ),
        (
            "s2",
            ["--map", "source=x"],
            'sources.s2: nothing becomes "s2"',
            'sources = [{ id = "s1", quote = "We buy.", note = "p. 3" }]',
            'sources = [{ id = "s1", quote = "We buy.", note = "p. 3" }, "s2"]',
        ),
        (
            "They bought.",
            ["--map", "quote=x", "--source", "s1"],
            'sources.s1.quote: "We buy." becomes "They bought."',
            'sources = [{ id = "s1", quote = "We buy.", note = "p. 3" }]',
            'sources = [{ id = "s1", quote = "They bought.", note = "p. 3" }]',
        ),
        (
            "2bn EUR",
            ["--map", "figure.investment=x"],
            'figures.investment.value: "~1.5bn EUR" becomes "2bn EUR"',
            INVESTMENT.format("~1.5bn"),
            INVESTMENT.format("2bn"),
        ),
    ],
)
def test_a_column_says_what_it_says_and_the_rest_stays(folder, cell, words, says, before, after):
    (folder / "rows.csv").write_text(f"id,title,x\ndeal,Deal,{cell}\n", "utf-8")
    told = updated("rows.csv", "--map", "id=id", "--map", "title=title", *words)
    assert (told, changed(folder)) == (
        [
            f'rows.csv:2: row 1: event "deal" is updated: {says}',
            "autotimeline: 0 new, 0 unchanged, 1 updated",
        ],
        [(before, after)],
    )
    again = updated("rows.csv", "--map", "id=id", "--map", "title=title", *words)
    assert again == [SAME.format(1)]


def test_what_holds_for_all_rows_is_added(folder):
    (folder / "rows.csv").write_text("id,title\ndeal,Deal\n", "utf-8")
    words = ["rows.csv", "--tag", "new", "--actor", "buyer=byd", "--source", "s2"]
    says = 'actors.buyer: ["acme"] {0} ["acme", "byd"]; tags: ["ev"] {0} ["ev", "new"]; sources.s2: nothing {0} "s2"'
    assert updated(*words)[0] == f'rows.csv:2: row 1: event "deal" is updated: {says.format("becomes")}'
    assert [new for _, new in changed(folder)] == [
        'actors = { buyer = ["acme", "byd"], target = "cat" }',
        'tags = ["ev", "new"]',
        'sources = [{ id = "s1", quote = "We buy.", note = "p. 3" }, "s2"]',
    ]
    assert updated(*words) == [SAME.format(1)]


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "toml"])
def test_our_own_answer_with_one_figure_changed_changes_that_alone(folder, form):
    assert ask("list", "-o", f"own.{form}")[0] == 0
    text = (folder / f"own.{form}").read_text("utf-8")
    assert updated(f"own.{form}") == [SAME.format(2)]
    (folder / f"own.{form}").write_text(text.replace("~1.5bn EUR", "~1.7bn EUR", 1), "utf-8")
    told = updated(f"own.{form}")
    assert told[0].endswith('event "deal" is updated: figures.investment.value: "~1.5bn EUR" becomes "~1.7bn EUR"')
    assert told[1:] == ["autotimeline: 0 new, 1 unchanged, 1 updated"]
    ((before, after),) = changed(folder)
    assert after == before.replace("1.5bn", "1.7bn")


@pytest.mark.parametrize(
    ("name", "text", "says", "before", "after"),
    [
        ("a.csv", "id,title,tags\ndeal,Deal,b; c\n", 'tags: ["ev"] becomes ["b", "c"]', '["ev"]', '["b", "c"]'),
        (
            "a.csv",
            "id,title,actors\ndeal,Deal,byd@buyer\n",
            'actors.buyer: ["acme"] becomes ["byd"]',
            'buyer = "acme"',
            'buyer = ["byd"]',
        ),
        (
            "a.json",
            '[{"id": "deal", "title": "Deal", "status": "happened"}]',
            'status: "planned" becomes "happened"',
            '"planned"',
            '"happened"',
        ),
        (
            "a.toml",
            '[[event]]\nid = "deal"\ntitle = "Deal"\nstatus = "happened"\n',
            'status: "planned" becomes "happened"',
            '"planned"',
            '"happened"',
        ),
        (
            "a.toml",
            '[[event]]\nid = "deal"\ntitle = "Deal"\nperiod = "2023"\n',
            'period: nothing becomes "2023"; date: "2024" becomes nothing',
            'date = "2024"',
            'period = "2023"',
        ),
        (
            "a.toml",
            '[[event]]\nid = "deal"\ntitle = "Deal"\nfigures.stake = [{ value = "6%", of = "byd" }]\n',
            'figures.stake: [{ value = "~20%", of = "cat" }, { value = "5%", of = "byd"… becomes'
            ' [{ value = "~20%", of = "cat" }, { value = "6%", of = "byd"…',
            "5%",
            "6%",
        ),
    ],
)
def test_what_our_own_forms_say_is_said(folder, name, text, says, before, after):
    (folder / name).write_text(text, "utf-8")
    assert f'event "deal" is updated: {says}' in updated(name)[0]
    found = (folder / "facts.toml").read_text("utf-8")
    if "period" in after:
        assert 'id = "deal"   # by hand\n' in found
        assert after in found
        assert 'date = "2024"' not in found
    else:
        ((old, new),) = changed(folder)
        assert new == old.replace(before, after)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "id,title,note,kind,tags,figures,actors,sources,status\ndeal,Deal,,,,,,,\n"),
        ("a.json", '[{"id": "deal", "title": "Deal", "note": null, "tags": [], "figures": null, "actors": null}]'),
        ("a.jsonl", '{"id": "deal", "title": "Deal", "actors": ["cat"], "sources": ["s1"]}'),
        ("a.toml", '[[event]]\nid = "deal"\ntitle = "Deal"\nfigures.stake = { value = "5%", of = "byd" }\n'),
    ],
)
@pytest.mark.parametrize("words", [(), ("--update",)])
def test_what_says_nothing_else_does_not_differ(folder, name, text, words):
    (folder / name).write_text(text, "utf-8")
    assert ask("import", name, *words) == (0, "", f"{SAME.format(1)}\n")
    assert changed(folder) == []


def test_what_is_no_event_keeps_what_the_file_does_not_speak_of(folder):
    (folder / "a.toml").write_text('[source.s1]\ntitle = "First"\n[actor.acme]\nname = "Acme"\n', "utf-8")
    assert updated("a.toml") == [
        'a.toml:1: source "s1" is updated: title: "One" becomes "First"',
        "autotimeline: 0 new, 0 unchanged, 1 updated",
    ]
    assert changed(folder) == [('title = "One"', 'title = "First"')]


def test_who_has_no_role_is_not_mixed_with_those_who_have_one(folder):
    (folder / "a.csv").write_text("id,title,who\ndeal,Deal,byd\n", "utf-8")
    words = ("a.csv", "--map", "id=id", "--map", "title=title", "--map", "actor=who", "--update")
    assert ask("import", *words)[2].splitlines()[0] == (
        'a.csv:2: row 1, column "who": some actors have a role and some have none; give each a role, or none'
    )
    assert changed(folder) == []


def test_without_update_it_is_told_what_the_file_says(folder):
    (folder / "a.csv").write_text("id,title,tags,figures\ndeal,Deal,b,investment=3 EUR\n", "utf-8")
    code, out, err = ask("import", "a.csv")
    assert (code, out) == (4, "")
    assert err.splitlines()[0] == (
        'a.csv:2: row 1: event "deal" already exists with different values: tags: ["ev"] exists, ["b"] imported;'
        ' figures.investment.value: "~1.5bn EUR" exists, "3 EUR" imported; overwrite it with --update'
    )


@pytest.mark.parametrize(
    ("format", "text"),
    [("%Y%m%d", "2024121"), ("%d%m%Y", "1122024"), ("%Y %j", "2021 366"), ("%Y %j", "2021 5"), ("%Y%j", "202111")],
)
def test_a_date_that_lacks_a_digit_is_none(folder, format, text):
    (folder / "a.csv").write_text(f"title,date\nX,{text}\n", "utf-8")
    code, out, err = ask("import", "a.csv", "--date-format", format)
    assert (code, out) == (4, "")
    assert err.splitlines()[0] == (
        f'a.csv:2: row 1, column "date": "{text}" does not fit --date-format {format}; correct it,'
        " or add another format"
    )


@pytest.mark.parametrize(
    ("format", "text", "edtf"),
    [
        ("%d/%m/%Y", "5/3/2024", "2024-03-05"),
        ("%Y%m%d", "20240305", "2024-03-05"),
        ("%Y%m%d %H:%M", "20240305 9:30", "2024-03-05"),
        ("%Y %j", "2020 366", "2020-12-31"),
        ("%d%b%Y", "5Mar2024", "2024-03-05"),
    ],
)
def test_a_date_with_all_its_digits_is_one(folder, format, text, edtf):
    (folder / "a.csv").write_text(f"id,title,date\nx,X,{text}\n", "utf-8")
    assert ask("import", "a.csv", "--date-format", format)[0] == 0
    assert f'id = "x"\ndate = "{edtf}"\n' in (folder / "facts.toml").read_text("utf-8")


HEADED = "[store]\nformat = 1\n"
TITLED = '[store]\ntitle = "T"\n[alias]\nb = "kind:y"\nc = "kind:z"\n'


def test_a_store_of_several_files_takes_aliases_where_they_are_and_a_title_where_it_can(folder):
    (folder / "1.toml").write_text(f'{HEADED}\n[alias]\na = "kind:a"\n', "utf-8")
    (folder / "2.toml").write_text(f'{HEADED}\n[alias]\nb = "kind:b"\n', "utf-8")
    (folder / "new.toml").write_text(TITLED, "utf-8")
    files = ("-f", "1.toml", "-f", "2.toml")
    assert ask("import", "new.toml", *files, "--update", "--into", "1.toml") == (
        0,
        "",
        'new.toml:1: title "T" not imported: several files have a [store] without a title; add it to one of them\n'
        'new.toml:4: alias "b" is updated: query: "kind:b" becomes "kind:y"\n'
        "autotimeline: 0 new, 0 unchanged, 1 updated; also new: 1 alias\n",
    )
    assert (folder / "1.toml").read_text("utf-8") == f'{HEADED}\n[alias]\na = "kind:a"\nc = "kind:z"\n'
    assert (folder / "2.toml").read_text("utf-8") == f'{HEADED}\n[alias]\nb = "kind:y"\n'


def test_the_title_of_a_store_may_stand_in_any_of_its_files(folder):
    (folder / "1.toml").write_text(HEADED, "utf-8")
    (folder / "2.toml").write_text(f'{HEADED}title = "T"\n', "utf-8")
    (folder / "new.toml").write_text('[store]\ntitle = "Other"\n', "utf-8")
    files = ("-f", "1.toml", "-f", "2.toml")
    assert ask("list", "-O", "toml", *files) == (0, f'{HEADED}title = "T"\n', "")
    assert ask("import", "new.toml", *files, "--into", "1.toml")[0] == 0
    assert (folder / "1.toml").read_text("utf-8") == HEADED
