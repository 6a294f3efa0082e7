"""A fact in one command: names and URLs are resolved or created, words are kept, and findings are reported."""

import json
import shlex
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autotimeline
import program
from asking import ask
from autotimeline.quantities.parse import parse_quantity

pytestmark = pytest.mark.usefixtures("cache")

FACT = (
    'add "VW writes off its Northvolt stake" --date "Oct 2024" --actor owner=VW --actor target="Northvolt AB"'
    ' --figure loss="~€0.9bn" --source https://www.example.org/a --place Wolfsburg'
)
URL = "https://www.example.org/a"
VW = "vw-writes-off-its-northvolt-stake-2024"
STORE = """\
[source.log]
title = "The log"
url   = "https://example.org/log"

[source.log-2]
title = "The log"

[actor.citroen]
name    = "Citroën"
aliases = ["Double Chevron"]

[actor.byd]
name = "BYD Company"

[actor.twin-a]
name = "Twin"

[actor.twin-b]
name = "Twin"
"""


@pytest.fixture
def add(tmp_path):
    """Return what adds a fact with these words, and returns the exit code, the lines of both streams, and the store."""

    def run(words: str | list[str], text: str | None = None) -> tuple[int, list[str], list[str], dict]:
        path = tmp_path / "facts.toml"
        if text is not None:
            path.write_text(text, "utf-8")
        code, out, err = ask("-f", path, *(shlex.split(words) if isinstance(words, str) else words))
        return code, out.splitlines(), err.splitlines(), tomllib.loads(path.read_text("utf-8"))

    return run


def test_a_fact_in_one_command(add):
    assert len(f"autotimeline {FACT}") <= 200
    code, out, err, store = add(FACT, "")
    assert (code, out) == (0, [VW])
    assert err == [
        'autotimeline: new actor "vw": VW',
        'autotimeline: new actor "northvolt-ab": Northvolt AB',
        f'autotimeline: new source "example-org-a": {URL}',
    ]
    event = {
        "id": VW,
        "date": "2024-10",
        "printed": "Oct 2024",
        "title": "VW writes off its Northvolt stake",
        "actors": {"owner": "vw", "target": "northvolt-ab"},
        "places": ["Wolfsburg"],
        "figures": {"loss": {"value": "~900m EUR", "printed": "~€0.9bn"}},
        "sources": ["example-org-a"],
    }
    assert store == {
        "source": {"example-org-a": {"title": URL, "url": URL}},
        "actor": {"vw": {"name": "VW"}, "northvolt-ab": {"name": "Northvolt AB"}},
        "event": [event],
    }
    twin = [
        f'autotimeline: likely a duplicate of event "{VW}": the same title',
        "autotimeline: nothing was written; add it anyway with --force",
    ]
    assert add(FACT) == (4, [], twin, store)
    second = "add 'Northvolt files for Chapter 11' --date 2024-11-21 --actor northvolt-ab --actor vw --source "
    code, out, err, store = add(second + "http://EXAMPLE.org/a/#page-2")
    assert (code, out, err) == (0, ["northvolt-files-for-chapter-11-2024"], [])
    assert store["event"][1]["actors"] == ["northvolt-ab", "vw"]
    assert store["event"][1]["sources"] == ["example-org-a"]


@pytest.mark.parametrize(
    ("words", "key", "value"),
    [
        ("--actor citroen", "actors", ["citroen"]),
        ("--actor CITROEN", "actors", ["citroen"]),
        ("--actor 'maker = double chevron'", "actors", {"maker": "citroen"}),
        ("--actor BYD", "actors", ["byd"]),
        ("--source log", "sources", ["log"]),
        ("--source http://www.example.org/log/", "sources", ["log"]),
        ("--source log --source LOG", "sources", ["log"]),
        ("--actor byd --actor BYD", "actors", ["byd"]),
        ("--actor BYD --actor byd", "actors", ["byd"]),
        ("--source log sources.log.quote=Q", "sources", [{"id": "log", "quote": "Q"}]),
        ("--figure sales=3 'figures.sales.of=Citroën'", "figures", {"sales": {"value": "3", "of": "citroen"}}),
        (
            "--figure 'sales=68,000 cars per year'",
            "figures",
            {"sales": {"value": "68,000 cars/year", "printed": "68,000 cars per year"}},
        ),
        ("--figure sales=68000", "figures", {"sales": "68000"}),
        ("--figure sales=3 --figure sales=~4", "figures", {"sales": ["3", "~4"]}),
        ("--figure sales=3 'figures.sales.printed=three'", "figures", {"sales": {"value": "3", "printed": "three"}}),
    ],
)
def test_what_exists_is_found_by_its_names(add, words, key, value):
    code, _, err, store = add(f"add X --date 2024 {words}", STORE)
    assert code == 0
    assert [line for line in err if "new " in line] == []
    assert store["event"][0][key] == value


@pytest.mark.parametrize(
    ("words", "message", "kind", "id", "body"),
    [
        ("--actor '零跑'", 'new actor "actor": 零跑', "actor", "actor", {"name": "零跑"}),
        ("--actor '=A=B, Inc.'", 'new actor "a-b-inc": A=B, Inc.', "actor", "a-b-inc", {"name": "A=B, Inc."}),
        ("--actor 'x=A=B'", 'new actor "a-b": A=B', "actor", "a-b", {"name": "A=B"}),
        (
            "--actor citroe",
            'new actor "citroe": citroe; did you mean "citroen"?',
            "actor",
            "citroe",
            {"name": "citroe"},
        ),
        ("--actor alias", 'new actor "alias": alias', "actor", "alias", {"name": "alias"}),
        ("--actor log", 'new actor "log-3": log', "actor", "log-3", {"name": "log"}),
        ("--source Gazette", 'new source "gazette": Gazette', "source", "gazette", {"title": "Gazette"}),
        (
            "--source https://a.org/x?y=1 --source-title 'The news' --source-date 'Oct 2024'",
            'new source "a-org-the-news": https://a.org/x?y=1',
            "source",
            "a-org-the-news",
            {"title": "The news", "published": "2024-10", "url": "https://a.org/x?y=1"},
        ),
        (
            "--source ftp://a.org/x --source-title T",
            'new source "a-org-t": ftp://a.org/x',
            "source",
            "a-org-t",
            {"title": "T", "url": "ftp://a.org/x"},
        ),
    ],
)
def test_what_is_missing_is_created(add, words, message, kind, id, body):
    code, out, err, store = add(f"add X --date 2024 {words}", STORE)
    assert (code, out, err[0]) == (0, ["x-2024"], f"autotimeline: {message}")
    assert store[kind][id] == body
    assert add(f"add Y --date 2023 {words} --no-create")[0] == 0
    assert add("undo")[0] == add("undo")[0] == 0
    code, out, err, store = add(f"add X --date 2024 {words} --no-create")
    assert (code, out, len(err), "event" in store) == (2, [], 1, False)
    assert err[0].startswith(f"autotimeline: {kind}s: no {kind} ")


def test_a_line_break_in_a_new_name_is_not_a_second_message(add):
    err = add("add X --date 2024 --actor 'a\nb'", STORE)[2]
    assert err[0] == 'autotimeline: new actor "a-b": a\\x0ab'


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--actor twin", 'actors: "twin" names several actors: twin-a, twin-b; write the id of one'),
        ("--source 'the log'", 'sources: "the log" names several sources: log, log-2; write the id of one'),
        (
            "--actor maker=BYD --actor citroen",
            '"actors=citroen": it overwrites actors.maker; each actor has a role, or none has',
        ),
        ("--figure a=1.500", 'figures.a: "1.500": "1.500" can be read as 1.5 or as 1,500; write it that way'),
        ("sources.log.quote=x sources=s", '"sources=s": it overwrites sources.log.quote; keep one of them'),
        (
            "--source a --source b --source-title T",
            "--quote, --source-title, and --source-date are about one --source: name it",
        ),
    ],
)
def test_what_is_ambiguous_is_refused(add, words, message):
    code, out, err, store = add(f"add X --date 2024 {words}", STORE)
    assert (code, out, err, "event" in store) == (2, [], [f"autotimeline: {message}"], False)


@pytest.mark.parametrize(
    ("source", "id"),
    [("log", "log"), ("https://a.org/x", "a-org-x"), ("https://a.org/x --source-title 'The news'", "a-org-the-news")],
)
def test_a_quote_is_that_of_the_source(add, source, id):
    code, _, _, store = add(f"add X --date 2024 --source {source} --quote 'It \"opened\".'", STORE)
    assert (code, store["event"][-1]["sources"]) == (0, [{"id": id, "quote": 'It "opened".'}])
    assert len(store["source"]) == len(tomllib.loads(STORE)["source"]) + (id != "log")


def test_the_keys_of_an_existing_source_stay(add):
    code, _, err, store = add("add X --date 2024 --source log --source-title T", STORE)
    message = 'autotimeline: source "log" exists, and its title stays; change it with `autotimeline set`'
    assert (code, err[0], store["source"]["log"]["title"]) == (0, message, "The log")


def test_an_actor_that_an_event_names_twice_is_created_once(add):
    code, _, err, store = add("add X --date 2024 --actor owner=VW --actor target=vw --source s", "")
    assert (code, len(err)) == (0, 2)
    assert store["event"][0]["actors"] == {"owner": "vw", "target": "vw"}


@pytest.mark.parametrize(
    ("date", "stored"),
    [
        ("Oct 2024", {"date": "2024-10", "printed": "Oct 2024"}),
        ("2024-10", {"date": "2024-10"}),
        ("~2024-10", {"date": "~2024-10"}),
        ("2024-10~", {"date": "2024-10~"}),
        ("by 2026", {"date": "by 2026"}),
        ("today", {"date": "2025-11-22"}),
        ("yesterday", {"date": "2025-11-21"}),
    ],
)
def test_the_words_of_a_date_are_kept(add, date, stored):
    _, _, _, store = add(["add", "X", "--date", date, "--today", "2025-11-22"], "")
    assert {key: store["event"][0].get(key) for key in ("date", "printed")} == {"printed": None, **stored}
    _, _, _, store = add(["add", "Y", "--date", date, "--printed", "then"], "")
    assert store["event"][0]["printed"] == "then"


def test_findings_about_new_facts_are_reported(add):
    code, out, err, _ = add("add X --actor A", "")
    path = err[-1].partition(":4: ")[0]
    undated = "undated; write date or period as soon as a source gives one"
    assert (code, out) == (0, ["x"])
    assert err == [
        'autotimeline: new actor "a": A',
        f'{path}:4: event "x": {undated}, or add accept.undated = "why"',
        f'{path}:4: event "x": unsourced; write sources = ["…"], or add accept.unsourced = "why"',
    ]
    words = "add 'Sales of A' --period 2024 --actor A --source S --figure sales={} figures.sales.of=A --force"
    assert add(words.format(3))[2] == ['autotimeline: new source "s": S']
    code, out, err, _ = add(words.format(4))
    assert (code, out) == (0, ["sales-of-a-2024-2"])
    assert any("sales 2024 is 4, but 3 in sales-of-a-2024; correct one of them" in line for line in err)
    # What others contain is not reported.
    assert add("add 'Sales of B' --period 2024 --actor B --source S --figure sales=4")[2] == [
        'autotimeline: new actor "b": B'
    ]


def test_the_findings_of_some_events_are_among_those_of_all(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_bytes((program.TOP / "tests/data/golden.toml").read_bytes())
    timeline = autotimeline.Timeline([str(path)], today="2025-11-22")
    everything = {(finding.event, finding.rule, finding.text) for finding in timeline.findings(strict=True)}
    for (id,) in timeline.select().rows(("id",)):
        found = timeline.findings(f"id:{id}", strict=True)
        assert {(finding.event, finding.rule, finding.text) for finding in found if finding.event == id} <= everything


def test_a_link_to_an_existing_event_is_not_missing(add):
    add("add A --date 2024 --source S --id a", "")
    assert add("add B --date 2025 --source S --link follows-from=a")[2] == []
    code, _, err, _ = add("add C --date 2023 --source S --link follows-from=a --link related=no")
    assert (code, len(err)) == (0, 2)
    assert "links.follows-from: a (2024) began after this one (2023)" in err[0] + err[1]
    assert 'links.related: no event "no"' in err[0] + err[1]


@pytest.mark.parametrize("words", [["--actor", "a\x1b[31mb"], ["--actor", "a\nb"], ["--actor", "r\u202e=vw"]])
def test_control_characters_are_found_and_do_not_reach_a_terminal(add, words):
    code, out, err, store = add(["add", "X", *words, "--date", "2024", "--source", "S"], "")
    assert (code, out, len(store["actor"])) == (0, ["x-2024"], 1)
    assert all(line.isprintable() for line in err)


def test_an_empty_and_a_missing_store(add, tmp_path):
    assert add("add X --dry-run", "")[1][:2] == [f"--- a/{tmp_path}/facts.toml", f"+++ b/{tmp_path}/facts.toml"]
    missing = ask("-f", tmp_path / "no.toml", "add", "X", "--actor", "A")
    assert missing == ask("-f", tmp_path / "no.toml", "add", "X")
    assert missing[0] == 3


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.tuples(NAMES, NAMES, NAMES).filter(lambda texts: not texts[0].startswith("-")),
    st.sampled_from(["2024", "Oct 2024", "17 October 2024", "2024Q4", "~2024-10"]),
    st.sampled_from(["~€0.9bn", "<29,000 vehicles", "51%", "3.50 USD", "5"]),
)
def test_show_gives_back_what_was_typed(tmp_path, texts, date, amount):
    title, actor, source = texts
    path = tmp_path / "facts.toml"
    path.write_text("", "utf-8")
    words = [f"--actor=buyer={actor}", f"--source={source}", f"--place={source}", f"--note={actor}"]
    code, out, err = ask("-f", path, "add", *words, "--date", date, f"--figure=loss={amount}", "--", title)
    assert code == 0, err
    (id,) = out.splitlines()
    (event,) = json.loads(ask("-f", path, "show", id, "-O", "json")[1])
    assert (event["title"], event["places"], event["note"]) == (title, [source], actor)
    assert [(item["name"], item["role"]) for item in event["actors"]] == [(actor, "buyer")]
    (citation,) = event["sources"]
    assert citation["title"] == source
    (figure,) = event["figures"]
    assert figure["text"] == parse_quantity(amount).shown
    (stored,) = tomllib.loads(path.read_text("utf-8"))["event"]
    loss = stored["figures"]["loss"]
    assert amount == (loss["printed"] if isinstance(loss, dict) else loss)
    assert date in (event["date"], event["printed"])
