from __future__ import annotations

import difflib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.text import (
    Suggester,
    escape_char,
    escape_control,
    fold,
    format_count,
    guard_formula,
    is_slug,
    join_items,
    search_words,
    split_items,
    suggest,
    unguard_formula,
)

ANY = st.text(st.characters())


@pytest.mark.parametrize("text", ["Citroën", "CITROËN", "citroe\u0308n", "Citro\u200bën", "\uff23itroën"])
def test_fold_sets_case_accents_width_and_invisible_characters_aside(text):
    assert fold(text) == "citroen"


@pytest.mark.parametrize(
    "text", ["joint-venture", "Joint Venture", "joint_venture", "joint\u2011venture", " joint  venture"]
)
def test_fold_sets_hyphens_and_spacing_aside(text):
    assert fold(text) == "joint venture"


@given(ANY)
def test_fold_is_one_for_both_normal_forms_and_for_itself(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(ANY)
def test_folded_text_does_not_change_when_folded_again(text):
    assert fold(fold(text)) == fold(text)
    assert search_words(search_words(text)) == search_words(fold(text)) == search_words(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("Đorđević", "dordevic"),
        ("Ħal Qormi", "hal qormi"),
        ("Diyarbakır", "diyarbakir"),
        ("İzmir", "izmir"),
        ("Ærø", "aero"),
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Þórður", "thordur"),
        ("Ŧrondheim ƶ ɍ ɇ", "trondheim z r e"),
        ("Ŀull", "l·ull"),
        ("№ 5", "no 5"),
        ("℡ ㎏", "tel kg"),
        *((f"L{apostrophe}Oréal", "l oreal") for apostrophe in "'`´‘’‛′ʼ＇"),
        *((f"joint{dash}venture", "joint venture") for dash in "-‐‑‒–—―−﹘－"),
    ],
)
def test_fold_reads_letters_with_strokes_and_look_alike_signs_as_plain_ones(text, folded):
    assert fold(text) == folded


def test_words_part_ideographs_and_drop_signs():
    assert search_words("BYD's 零跑汽车, 20%") == "byd s 零 跑 汽 车 20"
    assert search_words("Stellantis: (deal)").split() == ["stellantis", "deal"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本", "plain é 日本"),
        ("\x1b]0;pwned\x07", r"\x1b]0;pwned\x07"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("\x7f\x85\x9b", r"\x7f\x85\x9b"),
        ("\U000e0041\ud800\u2028", r"\U000e0041\ud800\u2028"),
        ("👩\u200d👧 a\u00a0b", "👩\u200d👧 a\u00a0b"),
        ("\t\n", r"\x09\x0a"),
    ],
)
def test_safe(text, shown):
    assert escape_control(text) == shown


def test_safe_keeps_and_escapes_as_it_is_told():
    assert escape_control("a\n\tb\x1b", keep="\n", escape=lambda c: f"<{ord(c)}>") == "a\n<9>b<27>"


@given(ANY)
def test_safe_leaves_nothing_that_steers_and_safe_text_alone(text):
    shown = escape_control(text)
    assert escape_control(shown) == shown
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    shown.encode()


def test_escape():
    assert [escape_char(c) for c in "\x1b\u202e\U000e0001"] == [r"\x1b", r"\u202e", r"\U000e0001"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49 1", "-x", "@x", "\tx", "\rx", "'=1", "''@x", "-", "-5%", "'-5", "-٥", "=", "+1+1"]
)
def test_guard_keeps_a_spreadsheet_from_running_a_cell(cell):
    assert guard_formula(cell) == "'" + cell
    assert unguard_formula("'" + cell) == cell


@pytest.mark.parametrize("cell", ["", "x", "-5", "+5", "-1.5", "5", "'", "'x", " =1", "a=1", "1-1", "\n=1"])
def test_guard_leaves_words_and_numbers_alone(cell):
    assert guard_formula(cell) == cell
    assert unguard_formula(cell) == cell


@given(st.text("'=+-@\t\r5.ax") | ANY)
def test_unguard_gives_every_cell_back(cell):
    assert unguard_formula(guard_formula(cell)) == cell


@given(st.lists(st.text(st.sampled_from("\\; ab|\n")).filter(len)))
def test_unlisted_gives_the_items_back(items):
    assert split_items(join_items(items)) == items


def test_listed_items_are_parted_by_semicolons():
    assert join_items(["a;b", "c\\", " d"]) == "a\\;b; c\\\\;  d"
    assert split_items("") == join_items([]).split() == []


def test_nearest():
    assert suggest("leapmoter", ["leapmotor", "stellantis"]) == '; did you mean "leapmotor"?'
    assert suggest("xyz", ["leapmotor"]) == ""


def test_what_is_suggested_costs_no_more_than_a_second(monkeypatch):
    asked = []
    monkeypatch.setattr(difflib, "get_close_matches", lambda word, known, **_: asked.append(word) or ["actor 7"])
    like = Suggester(f"actor-{n}" for n in range(1000))
    said = [like(f"aktor-{n % 500}") for n in range(1000)]
    assert said == (['; did you mean "actor-7"?'] * 20 + [""] * 480) * 2
    assert asked == [f"aktor {n}" for n in range(20)]
    # However many are known, the first mistake is worth it.
    assert Suggester(f"actor-{n}" for n in range(50_000))("aktor") != ""


def test_count():
    assert [format_count(0, "event"), format_count(1, "event"), format_count(1200, "event")] == [
        "0 events",
        "1 event",
        "1,200 events",
    ]


def test_unlisted_takes_a_semicolon_that_no_space_follows():
    assert split_items("hello;world;  wide") == ["hello", "world", " wide"]


def test_one_word_is_not_compared_with_a_hundred_thousand(monkeypatch):
    import difflib

    compared = []
    close = difflib.get_close_matches
    monkeypatch.setattr(
        difflib,
        "get_close_matches",
        lambda word, known, **more: compared.append(len(known)) or close(word, known, **more),
    )
    assert suggest("evnt-3", (f"event-{n}" for n in range(100_000))) == '; did you mean "event-3"?'
    assert max(compared) <= 20_000


@pytest.mark.parametrize(
    ("id", "title", "expected"),
    [
        ("alice-adds-a-plant-2021", "Alice adds a plant", True),
        ("alice-adds-a-plant-2021-2", "Alice adds a plant", True),
        ("stellantis-and-leapmotor-agree-on-2023", "Stellantis and Leapmotor agree on a venture", True),
        ("citroen-visit", "Citroën visit", True),
        ("leapmotor-deal", "Leapmotor deal is agreed on", False),
        ("catl-jv", "CATL and Stellantis announce a joint venture", False),
        ("event-2", "零跑", False),
    ],
)
def test_is_slug(id, title, expected):
    assert is_slug(id, title) is expected
