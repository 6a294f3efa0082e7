"""Letters with strokes, ligatures, apostrophes, and dashes: however a name is typed, it is the same name."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autotimeline
from asking import ask
from autotimeline.text import fold, search_words
from program import TOP

STORE = """
[actor.x]
name = "Łukasiewicz"
aliases = ["L’Oréal–Œuvre"]
[[event]]
id = "a"
date = "2020"
title = "Ørsted buys a site in Łódź, № 5"
kind = "coup d’état"
tags = ["Straße"]
places = ["Diyarbakır, Türkiye"]
note = "The company’s Ħal–Đorđe plant"
actors.fournisseur-d’accès = "x"
"""
QUERIES = (
    *("text:lodz", "text:orsted", "title:Orsted", "actor:lukasiewicz", "actor:Łukasiewicz"),
    *("actor:l'oreal-oeuvre", "actor:L’OREAL—ŒUVRE", "actor:lʼoréal‐oeuvre", "group:l'oreal-oeuvre"),
    *("kind:coup-d'etat", 'kind:"coup d’état"', "kind:coup-dʼetat", "tag:strasse", "tag:STRASSE"),
    *("place:diyarbakir", "place:DİYARBAKIR", "place:turkiye", "role:fournisseur-d'acces"),
    *("company's", "company’s", "companyʼs", "hal-dorde", "Ħal–Đorđe", '"no 5"', '"№ 5"', "nº", "oréal"),
)


@pytest.fixture(scope="module")
def timeline(tmp_path_factory):
    path = tmp_path_factory.mktemp("look-alikes") / "facts.toml"
    path.write_text(STORE.replace("actors.fournisseur-d’accès", 'actors."fournisseur-d’accès"'), "utf-8")
    with autotimeline.open(str(path), cache=False) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_a_name_is_found_however_it_is_typed(timeline, query):
    assert [event.id for event in timeline.select(query).events()] == ["a"]


@pytest.fixture(scope="module")
def search():
    """The full-text table of an index, empty."""
    schema = (TOP / "src/autotimeline/index/schema.sql").read_text("utf-8")
    db = sqlite3.connect(":memory:")
    db.executescript(schema[schema.index("CREATE VIRTUAL TABLE search") :])
    yield db
    db.close()


@given(text=st.text(min_size=1))
def test_every_word_of_a_text_is_found_by_itself_and_by_its_folded_form(search, text):
    search.execute("DELETE FROM search")
    search.execute("INSERT INTO search (rowid, title, rest) VALUES (1, ?, '')", (search_words(text),))
    for word in (*text.split(), *fold(text).split(), text):
        if phrase := search_words(word):
            assert search.execute("SELECT 1 FROM search WHERE search MATCH ?", (f'"{phrase}"*',)).fetchone()


@pytest.fixture
def store(tmp_path, cache):
    path = tmp_path / "facts.toml"
    shutil.copy(TOP / "facts.toml", path)
    return path


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Ørsted buys a site in Łódź", "orsted-buys-a-site-in-lodz-2030"),
        ("L’Oréal – Œuvre", "l-oreal-oeuvre-2030"),
        ("Straße nach Ærø", "strasse-nach-aero-2030"),
    ],
)
def test_an_id_has_the_plain_letters_of_the_title(store, title, id):
    assert ask("-f", store, "add", title, "date=2030")[:2] == (0, f"{id}\n")


def test_an_import_creates_no_second_actor_for_a_look_alike_name(tmp_path, cache):
    store, table = tmp_path / "facts.toml", tmp_path / "in.csv"
    store.write_text('[actor.loreal]\nname = "L’Oréal"\n[actor.lodz]\nname = "Łódź SA"\n', "utf-8")
    table.write_text("date,title,actors\n2020,One,L'Oreal\n2021,Two,LʼORÉAL\n2022,Three,Lodz SA\n", "utf-8")
    code, _, err = ask(
        "-f", store, "import", table, *(f"--map={name}" for name in ("date=date", "title=title", "actor=actors"))
    )
    assert (code, "new actor" in err) == (0, False), err
    _, out, _ = ask("-f", store, "list", "-O", "plain", "--fields", "title,actors")
    assert out == "One\tloreal\nTwo\tloreal\nThree\tlodz\n"


def test_check_compares_words_without_their_strokes(tmp_path, cache):
    store = tmp_path / "facts.toml"
    events = "".join(
        f'[[event]]\nid = "e{number}"\ndate = "202{number}"\ntitle = "{title}"\nkind = "{kind}"\n'
        for number, (title, kind) in enumerate(
            [("One", "coup d’état"), ("Two", "coup d'etat"), ("Three", "Straße"), ("Four", "strassa")]
        )
    )
    store.write_text(events, "utf-8")
    _, out, err = ask("check", store, "--strict")
    findings = [line.split("\t") for line in out.splitlines()]
    assert [(rule, text.partition(";")[0]) for *_, rule, _, text in findings if rule in ("variant", "spelling")] == [
        ("variant", 'the kind "coup d\'etat" (1 time) is "coup d’état" (1 time) in another spelling'),
        ("spelling", 'the kind "strassa" (1 time) is similar to "Straße" (1 time)'),
    ], err
