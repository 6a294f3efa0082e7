"""Disputes: two statements about one thing, of the event or of its sources, that cannot both be true."""

import json

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
SOURCES = "".join(f'[source.{id}]\ntitle = "{id}"\npublished = "2024"\n' for id in "abc")
SOURCES += '[actor.x]\nname = "X"\n[actor.y]\nname = "Y"\n'


def store(path, keys: str) -> str:
    path.write_text(f'{SOURCES}[[event]]\nid = "e"\ntitle = "t"\n{keys}\n', "utf-8")
    return str(path)


def disputed(name: str) -> list[str]:
    _, out, _ = ask("-f", name, "list", "-O", "json")
    return json.loads(out)[0]["disputed"]


def of(value: str, actor: str = "", more: str = "") -> str:
    return f'{{ value = "{value}"{f", of = {actor!r}" if actor else ""}{more} }}'.replace("'", '"')


def held(value: str, holder: str, actor: str = "") -> str:
    return of(value, actor, f', holder = "{holder}"')


@pytest.mark.parametrize(
    ("own", "claimed", "expected"),
    [
        (of("20%", "x"), of("30%"), ["stake"]),
        (of("20%"), of("30%", "x"), ["stake"]),
        (of("20%", "x"), of("30%", "x"), ["stake"]),
        (of("20%", "x"), of("30%", "y"), []),
        (of("20%", "x"), of("20%"), []),
        # A claim without an actor may be about either, and one about an actor is not about the rest.
        (f"[{of('20%', 'x')}, {of('30%', 'y')}]", of("30%"), []),
        (f"[{of('20%', 'x')}, {of('30%', 'y')}]", of("40%"), ["stake"]),
        (f"[{of('20%', 'x')}, {of('30%')}]", of("30%", "x"), ["stake"]),
        (f"[{of('20%', 'x')}, {of('30%')}]", of("20%", "x"), []),
        (of("20%", more=', period = "2024"'), of("30%", "x", ', period = "2025"'), []),
        (of("20%"), of("30 EUR", "x"), []),
        (held("20%", "x"), of("30%"), ["stake"]),
        (of("20%", "y"), held("30%", "x"), ["stake"]),
        (held("20%", "x"), held("30%", "y"), []),
        (held("20%", "x", "y"), held("30%", "x"), ["stake"]),
        # A claim without a holder may be about either, and one about a holder is not about the rest.
        (f"[{held('20%', 'x')}, {held('30%', 'y')}]", of("30%"), []),
        (f"[{held('20%', 'x')}, {held('30%', 'y')}]", of("40%"), ["stake"]),
        (f"[{held('20%', 'x')}, {of('30%')}]", held("30%", "x"), ["stake"]),
        (f"[{held('20%', 'x', 'y')}, {held('30%', 'y', 'y')}]", held("30%", "x", "y"), ["stake"]),
    ],
)
def test_a_figure_with_an_actor_and_one_without_are_of_one_thing(tmp_path, own, claimed, expected):
    keys = f'date = "2024"\nfigures.stake = {own}\nsources = [{{ id = "a", figures.stake = {claimed} }}]'
    assert disputed(store(tmp_path / "facts.toml", keys)) == expected


@pytest.mark.parametrize(
    ("own", "first", "second", "expected"),
    [
        ("", 'date = "2024"', 'date = "2025"', ["date"]),
        ("", 'date = "2024"', 'date = "2024-03"', []),
        ('date = "2024"', 'date = "2024-03"', 'date = "2024-09"', ["date"]),
        ('period = "2024"', 'date = "2024~"', 'date = "2024"', []),
        ("", 'status = "planned"', 'status = "happened"', ["status"]),
        ("", 'figures.stake = "20%"', 'figures.stake = "30%"', ["stake"]),
        ("", 'figures.stake = "20%"', 'figures.stake = "~21%"', []),
        ("", 'figures.stake = "20%"', 'figures.sales = "30%"', []),
        ("", 'figures.stake = { value = "20%", of = "x" }', 'figures.stake = "30%"', ["stake"]),
        ('figures.stake = "~20%"', 'figures.stake = "18%"', 'figures.stake = "22%"', ["stake"]),
        # What one source states beside a value that both state is about something else.
        ("", 'figures.stake = ["20%", "30%"]', 'figures.stake = "30%"', []),
        (
            'figures = { sales = "5 cars" }',
            'date = "2024", status = "planned", figures = { sales = "6 cars", stake = "1%" }',
            'date = "2025", figures.stake = "2%"',
            ["date", "status", "sales", "stake"],
        ),
    ],
)
def test_two_sources_may_contradict_each_other(tmp_path, own, first, second, expected):
    name = store(tmp_path / "facts.toml", f'{own}\nsources = [{{ id = "a", {first} }}, {{ id = "b", {second} }}, "c"]')
    assert disputed(name) == expected
    assert (ask("-f", name, "list", "is:disputed", "-O", "plain")[1] != "") == bool(expected)


def test_an_undated_event_stays_undated(tmp_path):
    name = store(tmp_path / "facts.toml", 'sources = [{ id = "a", date = "2024" }, { id = "b", date = "2025" }]')
    for query in (["2024"], ["not", "2024"], ["until:2026"], ["is:overdue"]):
        assert ask("-f", name, "list", *query, "-O", "plain")[1] == ""
    assert ask("-f", name, "list", "is:undated", "-O", "plain", "--fields", "id,disputed")[1] == "e\tdate\n"
    text = 'disputed: date 2025, but 2024 in source "a"; keep one of them, or add accept.disputed = "why"'
    code, out, _ = ask("-f", name, "check", "-O", "plain")
    found = [line.split("\t") for line in out.splitlines()]
    assert (code, [cells[4] for cells in found if cells[2] == "disputed"]) == (1, [text])


def test_what_two_sources_contradict_is_not_certain(tmp_path):
    keys = 'date = "2024"\nfigures.stake = "10..30%"\nsources = [{ id = "a", date = "2024-03", figures.stake = "10%" }'
    for other, match in (("", "certain"), (', { id = "b", date = "2024-09", figures.stake = "30%" }', "possible")):
        name = store(tmp_path / "facts.toml", f"{keys}{other}]")
        for query in ("2024", "stake:10..30%"):
            assert ask("-f", name, "list", query, "-O", "plain", "--fields", "match")[1] == f"{match}\n"
    figures = ask("-f", name, "figures", "-O", "plain", "--fields", "text,claimed,disputed")[1]
    assert figures == "10..30%\tfalse\tfalse\n10%\ttrue\ttrue\n30%\ttrue\ttrue\n"


def test_as_of_a_day_the_later_claim_about_the_same_thing_replaces_the_figure(tmp_path):
    keys = 'date = "2024"\nfigures.stake = { value = "20%", of = "x" }\nsources = [{ id = "a", figures.stake = "30%" }]'
    name = store(tmp_path / "facts.toml", keys)
    _, out, _ = ask("-f", name, "list", "--as-of", "2025", "-O", "plain", "--fields", "figures,disputed")
    assert out == "stake=30% | of=x\t\n"


def test_a_replaced_plan_is_neither_overdue_nor_upcoming(tmp_path):
    path = tmp_path / "facts.toml"
    plan = '[[event]]\nid = "{}"\ntitle = "t"\ndate = "{}"\nstatus = "planned"\n'.format
    path.write_text(
        plan("old", "2024") + plan("new", "2025") + 'links = { replaces = ["old"] }\n' + plan("other", "2024-02")
        + 'links = { replaced-by = ["elsewhere"] }\n' + plan("due", "2024-03")
    )  # fmt: skip
    for today, overdue, upcoming in (("2023-01-01", "", "due new"), ("2026-01-01", "due new", "")):
        for state, expected in (("overdue", overdue), ("upcoming", upcoming)):
            _, out, _ = ask("-f", path, "list", f"is:{state}", "--today", today, "-O", "plain", "--fields", "id")
            assert out.split() == expected.split()
    _, out, _ = ask("-f", path, "check", "--strict", "--today", "2026-01-01", "-O", "plain")
    found = [line.split("\t") for line in out.splitlines()]
    assert [cells[3] for cells in found if cells[2] == "overdue"] == ["new", "due"]
    _, out, _ = ask("-f", path, "count", "--by", "is", "--today", "2026-01-01", "-O", "plain")
    assert "overdue\t2\t2\n" in out


def test_as_of_reports_what_it_cannot_date(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text('[[event]]\nid = "a"\ntitle = "t"\n[[event]]\nid = "b"\ntitle = "t"\n[[event]]\nid = "c"\n'
                    'title = "t"\nknown = "2024"\n')  # fmt: skip
    line = "autotimeline: --as-of 2025: 2 events without a known date omitted; add known, or the date of a source\n"
    for command in (["list"], ["count"], ["compare", "id:c", "is:undated"], ["figures"], ["names", "kinds"]):
        assert ask("-f", path, *command, "--as-of", "2025")[2] == line
        assert "omitted" not in ask("-f", path, *command)[2]
