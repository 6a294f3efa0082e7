"""The command: a draft is imported, its quotes are verified, and nothing else is written."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from draft_case import ARTICLE, BUY, OPEN, STORE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask
from autotimeline.drafting import article as article_module

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
DAY = ("--published", "2025-10-28")


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_text(STORE, "utf-8")
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    return tmp_path


def draft(*words: object, code: int = 0) -> tuple[str, list[str]]:
    """Return the output and the messages."""
    got, out, err = ask("draft", *words)
    assert got == code, err
    return out, err.splitlines()


def proposals(*words: object) -> list[dict]:
    return [json.loads(line) for line in draft(*words, "-O", "jsonl")[0].splitlines()]


def test_a_draft_is_a_store_with_reasons(directory: Path) -> None:
    before = {path: path.read_bytes() for path in directory.iterdir()}
    out, messages = draft("a.txt", *DAY)
    assert {path: path.read_bytes() for path in directory.iterdir()} == before
    assert messages == []
    assert out.startswith(
        """\
# 9 proposals; check each, and remove what is wrong.

[source.voltra-builds-a-second-plant]
title = "Voltra builds a second plant"
published = "2025-10-28"

[actor.solarix-group]
# new, mentioned once
name = "Solarix Group"

[[event]]
date = "2011"
printed = "2011"
title = "Voltra was founded"
"""
    )
    assert (
        """\
[[event]]
# date depends on: Six months later; counted from "October 2023": 2024-04
# check: the company: named in the sentence before: voltra, nordkraft
title = "Six months later, Helmut Berg left the company"
actors = ["helmut-berg"]
"""
        in out
    )


def test_proposals_have_what_the_sentence_states(directory: Path) -> None:
    rows = {row["quote"]: row for row in proposals("a.txt", *DAY)}
    assert rows[BUY] == {
        "date": "2023-10",
        "period": None,
        "printed": "October 2023",
        "status": None,
        "reported": False,
        "title": "Voltra said it would buy about 20% of Nordkraft for about 1.5 billion euros",
        "actors": ["voltra", "nordkraft"],
        "places": [],
        "figures": {"stake": "~20%", "price": "~1.5bn EUR"},
        "source": "voltra-builds-a-second-plant",
        "quote": BUY,
        "checks": [],
    }
    assert (rows[OPEN]["date"], rows[OPEN]["status"]) == ("[..2026]", "planned")
    off = rows["Solarix Group reportedly called off its own plan in July."]
    assert (off["date"], off["reported"], off["actors"]) == ("2025-07", True, ["solarix-group"])


def test_the_second_run_skips_what_is_cited(directory: Path) -> None:
    (directory / "copies").mkdir()
    out, _ = draft("a.txt", *DAY, "--copy", "copies/a.txt")
    (directory / "draft.toml").write_text(out, "utf-8")
    code, _, err = ask("import", "draft.toml")
    assert (code, err) == (0, "autotimeline: 9 new, 0 unchanged; also new: 1 source, 1 actor\n")
    assert (directory / "copies/a.txt").read_text("utf-8").startswith("Voltra builds a second plant\n\nVoltra was")
    assert ask("check")[:2] == (0, "")
    assert draft("a.txt", code=1)[1] == [
        "autotimeline: a.txt: 9 sentences skipped, quoted in the store",
        "autotimeline: a.txt: no proposals",
    ]
    # The source and its copy can be named, too.
    assert (
        draft("voltra-builds-a-second-plant", code=1)[1][1]
        == "autotimeline: voltra-builds-a-second-plant: no proposals"
    )
    assert ask("import", "draft.toml")[2] == "autotimeline: 0 new, 9 unchanged\n"


def test_a_changed_copy_is_not_quoted(directory: Path) -> None:
    (directory / "facts.toml").write_text(
        STORE + '\n[source.page]\ntitle = "Page"\npublished = "2025"\nfile = "page.html"\n', "utf-8"
    )
    (directory / "page.html").write_text("<html><p>In 2024, <b>Voltra</b> opened a plant &amp; more.", "utf-8")
    assert "# check: the copy has the sentence with other characters, so it is not quoted" in draft("page")[0]
    assert "quote =" not in draft("page")[0]


def test_which_sentences_are_taken(directory: Path) -> None:
    counts = {take: len(proposals("a.txt", *DAY, "--take", take)) for take in ("dated", "numbers", "all")}
    assert counts == {"dated": 8, "numbers": 9, "all": 11}


def test_edit_imports_the_edited_draft(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = directory / "editor.py"
    editor.write_text(
        "import sys; p = sys.argv[1]; t = open(p).read();"
        " open(p, 'w').write(t.replace('Voltra was founded', 'It starts'))"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {editor}")
    out, messages = draft("a.txt", *DAY, "--edit")
    assert len(out.splitlines()) == 11
    # As `import` does, it reports what `check` notes about the new events.
    assert len(messages) == 2
    assert all(": undated; " in line for line in messages)
    assert '"It starts"' in (directory / "facts.toml").read_text("utf-8")
    assert ask("undo")[0] == 0
    assert (directory / "facts.toml").read_text("utf-8") == STORE
    # A draft that the store rejects is not imported, not even in part.
    editor.write_text(
        "import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write(t.replace('2023-10', 'soon'))"
    )
    code, _, err = ask("draft", "a.txt", *DAY, "--edit")
    assert code == 4
    assert '"soon" is not a date' in err
    assert (directory / "facts.toml").read_text("utf-8") == STORE


def test_a_prompt_has_the_schema_the_actors_and_the_article(directory: Path) -> None:
    out, _ = draft("a.txt", *DAY, "--prompt")
    schema = json.loads(out.partition("```json\n")[2].partition("```")[0])
    assert "voltra: Voltra, Voltra Energy" in out
    assert out.endswith(article_module.read_article(ARTICLE.encode(), "a").text)
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    row = {"quote": BUY, "title": "x", "date": "2023-10", "figures": [{"metric": "price", "value": "~1.5bn EUR"}]}
    jsonschema.validate({"proposals": [row]}, schema)


def test_an_answer_is_verified(directory: Path) -> None:
    answer = [
        {"quote": BUY, "title": "Voltra is to buy shares", "date": "2023-10-02"},
        {"quote": "It never said this."},
    ]
    (directory / "answer.json").write_text(json.dumps(answer), "utf-8")
    out, messages = draft("a.txt", *DAY, "--from", "answer.json", code=1)
    assert '# check: date: 2023-10-02 is finer than "October 2023"; widened to 2023-10\ndate = "2023-10"\n' in out
    assert messages == [
        'autotimeline: proposal 1: date: 2023-10-02 is finer than "October 2023"; widened to 2023-10',
        'autotimeline: proposal 2: refused: the article does not contain the quote "It never said this.";'
        ' most similar: "2023, Voltra said it"',
    ]


def test_the_page_may_state_the_day(directory: Path) -> None:
    (directory / "p.html").write_text('<html><meta name="date" content="2025-10-28"><p>It opened yesterday.', "utf-8")
    out, messages = draft("p.html")
    assert messages == ["autotimeline: p.html: published 2025-10-28, according to the page"]
    assert 'date = "2025-10-27"' in out


def test_a_month_gives_no_days(directory: Path) -> None:
    (directory / "m.txt").write_text("It closed on Monday. It opened yesterday. It fell last month.", "utf-8")
    assert [row["date"] for row in proposals("m.txt", "--published", "2025-10")] == ["2025-09"]


ERRORS = [
    (("a.txt",), 2, "a.txt: no day of publication; add --published 2025-10-28"),
    (("a.txt", "--published", "soon"), 2, '--published "soon": not a day, month, or year; write 2025-10-28'),
    (
        ("a.txt", "--published", "2025-10-28/.."),
        2,
        '--published "2025-10-28/..": not a day, month, or year; write 2025-10-28',
    ),
    (("b.txt", *DAY), 2, 'no file and no source "b.txt"; name a text, HTML, or PDF, a source, or - for standard input'),
    ((".", *DAY), 4, ".: is a directory"),
    (("a.txt", *DAY, "--take", "some"), 2, '--take "some": write dated, numbers, all'),
    (("a.txt", *DAY, "-O", "csv"), 2, '-O "csv": write toml, jsonl, table'),
    (("a.txt", *DAY, "--source", "A b"), 2, '--source "A b": not an id; use a-z, 0-9, and single hyphens, like "a-b"'),
    (("-", *DAY, "--from", "-"), 2, "standard input can be read once; name a file for the article or for --from"),
    (("a.txt", *DAY, "--edit", "--prompt"), 2, "--edit: excludes --prompt and -O; remove them"),
    (("a.txt", *DAY, "--from", "c.json"), 4, "c.json: no such file or directory"),
    (("a.txt", *DAY, "--from", "empty.txt"), 4, "empty.txt: empty; write the model's answer"),
    (("empty.txt", *DAY), 4, "empty.txt: it has no text; save the text of the article"),
    (
        ("a.txt", *DAY, "--copy", "../a.txt"),
        2,
        "--copy ../a.txt: outside the directory of the store; save the copy in it",
    ),
    (
        ("a.txt", *DAY, "--copy", "a.html"),
        2,
        "--copy a.html: not a visible .txt or .md file; write sources/voltra-builds-a-second-plant.txt",
    ),
    (("a.txt", *DAY, "--copy", "taken.txt"), 4, "--copy taken.txt: exists with another text; name another file"),
]


@pytest.mark.parametrize(("words", "code", "message"), ERRORS, ids=range(len(ERRORS)))
def test_mistakes_get_one_line(directory: Path, words: tuple[str, ...], code: int, message: str) -> None:
    (directory / "empty.txt").write_bytes(b"")
    (directory / "taken.txt").write_text("other", "utf-8")
    assert draft(*words, code=code) == ("", [f"autotimeline: {message}"])


OTHER_LANGUAGES = (
    "Im Oktober 2023 kündigte Stellantis an, 20 Prozent von Leapmotor zu kaufen, mehr als 2022. Der Marsch war lang."
    " August der Starke regierte bis 1733.",
    "En octobre 2023, Stellantis a annoncé l'achat de 20 % de Leapmotor, de plus qu'en 2022. Il a dit mai.",
    "2023年10月、ステランティスは発表した。2024年に販売は68,000台。",
    "2024年3月12日,公司宣布将在2026年底前投资15亿欧元。",
    "En mayo de 2024 la empresa abrió. Más de 3000 personas.",
    "Nel maggio 2023 ha venduto 25.000 veicoli, il 12,5% in più rispetto al 2022.",
)


@pytest.mark.parametrize("text", OTHER_LANGUAGES)
def test_another_language_has_no_proposals(directory: Path, text: str) -> None:
    (directory / "o.txt").write_text(text, "utf-8")
    assert draft("o.txt", *DAY, code=1) == (
        "",
        ["autotimeline: the text is not in English; no sentence is read", "autotimeline: o.txt: no proposals"],
    )


@pytest.mark.parametrize(
    "text", ["Rio de Janeiro hosted 2 games in 2016.", "零跑 Leapmotor opened in 2011.", "Sales 2024: 5%"]
)
def test_foreign_names_are_not_another_language(directory: Path, text: str) -> None:
    (directory / "o.txt").write_text(text, "utf-8")
    assert len(proposals("o.txt", *DAY)) == 1


PIECES = [
    "\n\n",
    " 2024 ",
    " May ",
    " said ",
    ". The ",
    "Voltra",
    "… ",
    "[x]",
    " $5 ",
    *"aA .,;\"'“”()-–—$€%0159\\#[]={}\u202e\u200b\x1b\u00adé漢",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_draft_of_any_text_is_imported_and_its_quotes_are_verbatim(directory: Path, text: str) -> None:
    (directory / "facts.toml").write_text(STORE, "utf-8")
    (directory / "c.txt").unlink(missing_ok=True)
    (directory / "any.txt").write_text(f"Any text. {text}", "utf-8", errors="replace")
    _, out, _ = ask("draft", "any.txt", *DAY, "--take", "all", "--copy", "c.txt", "--source", "any")
    (directory / "d.toml").write_text(out, "utf-8")
    code, _, err = ask("import", "d.toml")
    assert code == 0, err
    findings = [json.loads(line) for line in ask("check", "-O", "jsonl")[1].splitlines()]
    assert not [finding for finding in findings if finding["rule"] in ("quote", "characters")]


def test_standard_input_is_an_article(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"In 2024, Voltra opened a plant."), "utf-8"))
    out, _ = draft("-", *DAY)
    assert '[source.article]\ntitle = "article"\n' in out


def test_a_table_is_not_a_sentence(directory: Path) -> None:
    (directory / "t.txt").write_text("In 2024, it opened. The " + "2024 and 5% and " * 100, "utf-8")
    out, messages = draft("t.txt", *DAY, "--source", "t", "-O", "jsonl")
    assert messages == ["autotimeline: 1 passage of more than 1,000 characters skipped"]
    assert len(out.splitlines()) == 1
