"""Proposals from elsewhere: each planted error is refused or reported, and what is true is kept."""

from __future__ import annotations

from typing import Any

import pytest
from draft_case import ARTICLE, BUY, HALF, JOBS, KEPT, LEFT, OFF, OPEN, SILENT, SOLD, STORE, TOTAL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotimeline import api
from autotimeline.dates import edtf
from autotimeline.drafting.answer import parse_answer
from autotimeline.drafting.article import read_article
from autotimeline.drafting.proposals import ProposalSet, Proposer
from autotimeline.drafting.verify import KEYS, Verifier
from autotimeline.errors import AutotimelineError
from autotimeline.store.parse import parse_entry

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture(scope="module")
def proposer(tmp_path_factory: pytest.TempPathFactory) -> Proposer:
    path = tmp_path_factory.mktemp("store") / "facts.toml"
    path.write_text(STORE, "utf-8")
    timeline = api.open(str(path), cache=False)
    article = read_article(ARTICLE.encode(), "a.txt")
    return Proposer(article, edtf.parse_date("2025-10-28"), timeline.select(), "news")


def verify(proposer: Proposer, **item: Any) -> tuple[ProposalSet, list[str]]:
    verifier = Verifier(proposer)
    result = verifier.verify([{key: value for key, value in item.items() if value is not None}])
    return result, [message.removeprefix("proposal 1: ") for message in verifier.messages]


# The fields of a proposal, and what is reported.
PLANTED: list[tuple[dict[str, Any], str]] = [
    # Quotes
    ({"quote": BUY.replace("about 20%", "20%")}, "refused: the article does not contain the quote"),
    ({"quote": BUY.replace("would", "will")}, "refused: the article does not contain the quote"),
    ({"quote": "Voltra and Nordkraft merged in 2024."}, "refused: the article does not contain the quote"),
    ({"quote": f"{HALF} {JOBS}"}, "refused: the article does not contain the quote"),
    (
        {"quote": "In October 2023, Voltra … buy about 20% of Nordkraft"},
        "refused: the article does not contain the quote",
    ),
    ({"quote": "sold"}, 'refused: the quote "sold" is too short; quote a sentence'),
    ({"quote": ""}, "refused: it has no quote"),
    ({"quote": 7}, "refused: it has no quote"),
    ({"quote": "sell its plant in Malmö."}, 'the quote omits "not" from its sentence'),
    # Dates
    ({"quote": BUY, "date": "2023-10-26"}, 'date: 2023-10-26 is finer than "October 2023"; widened to 2023-10'),
    (
        {"quote": BUY, "date": "2023-11"},
        "date: 2023-11 is not in the quote; removed; the quote has October 2023 (2023-10)",
    ),
    (
        {"quote": BUY, "date": "2024-10"},
        "date: 2024-10 is not in the quote; removed; the quote has October 2023 (2023-10)",
    ),
    ({"quote": BUY, "date": "soon"}, 'date: "soon" is not a date; removed; the quote has October 2023 (2023-10)'),
    ({"quote": BUY, "date": {"year": 2023}}, "date: \"{'year': 2023}\" is not a date; removed; the quote has"),
    ({"quote": BUY, "date": "2023"}, 'date: 2023 is coarser than "October 2023"; replaced with 2023-10'),
    ({"quote": LEFT, "date": "2024-04"}, 'date: 2024-04 removed: "Six months later" depends on another date'),
    (
        {"quote": SOLD, "date": "2019"},
        'date: 2019 removed: "2019" is the date of another number; the quote has 2024 (2024)',
    ),
    ({"quote": HALF, "date": "2025-03"}, 'date: 2025-03 is finer than "the first half of 2025"; widened to 2025H1'),
    ({"quote": OPEN, "date": "2026-12-31"}, 'date: 2026-12-31 is finer than "by the end of 2026"; widened to [..2026]'),
    (
        {"quote": SILENT, "date": "2025-10-28"},
        "date: 2025-10-28 is not in the quote; removed; the quote has Monday (2025-10-27)",
    ),
    ({"quote": KEPT, "date": "2025"}, "date: 2025 is not in the quote; removed"),
    ({"quote": BUY, "date": "2023-10", "period": "2024"}, "period: 2024; an event has a date or a period; removed"),
    (
        {"quote": BUY, "date": "2023-10", "printed": "last October"},
        'printed: "last October" is not in the date of the quote; replaced',
    ),
    # Figures
    (
        {"quote": BUY, "figures": {"price": "1.5bn EUR"}},
        'figures.price: 1.5bn EUR is not in the quote; replaced with "about 1.5 billion euros"',
    ),
    (
        {"quote": BUY, "figures": {"price": "~1.5bn USD"}},
        'figures.price: ~1.5bn USD is not in the quote; replaced with "about 1.5 billion euros"',
    ),
    (
        {"quote": BUY, "figures": {"price": "~15bn EUR"}},
        'figures.price: ~15bn EUR is not in the quote; replaced with "about 1.5 billion euros"',
    ),
    ({"quote": BUY, "figures": {"jobs": "300 jobs"}}, "figures.jobs: 300 jobs is not in the quote; removed"),
    ({"quote": BUY, "figures": {"price": "a lot"}}, 'figures.price: "a lot" is not a quantity; removed'),
    (
        {"quote": SOLD, "figures": {"sales": "86,000 batteries"}},
        "figures.sales: 86,000 batteries is not in the quote; removed",
    ),
    (
        {"quote": SOLD, "figures": {"sales": "nearly 90,000 batteries"}},
        "figures.sales: nearly 90,000 batteries is of 2019; the period is added",
    ),
    (
        {"quote": HALF, "figures": [{"metric": "sales", "value": "29,000 batteries"}]},
        'figures.sales: 29,000 batteries is not in the quote; replaced with "fewer than 29,000 batteries"',
    ),
    (
        {"quote": JOBS, "figures": {"capacity": "50 GWh"}},
        'figures.capacity: 50 GWh is not in the quote; replaced with "50 GWh a year"',
    ),
    (
        {"quote": BUY, "figures": {"profit": "~1.5bn EUR"}},
        "figures.profit: the words near about 1.5 billion euros suggest price",
    ),
    (
        {"quote": HALF.replace(" batteries", ""), "figures": {"sales": "<29,000 batteries"}},
        "refused: the article does not contain the quote",
    ),
    (
        {"quote": TOTAL, "figures": {"total": "97,000 batteries"}},
        "figures.total: 97,000 has its unit, batteries, in the text before",
    ),
    (
        {"quote": TOTAL, "figures": {"total": "97,000 workers"}},
        "figures.total: 97,000 workers is not in the quote; removed",
    ),
    # Names
    (
        {"quote": BUY, "actors": ["helmut-berg"]},
        'actors: "helmut-berg" is not named in the quote or just before it; removed',
    ),
    (
        {"quote": BUY, "actors": ["Solarix Group"]},
        'actors: "Solarix Group" is not named in the quote or just before it; removed',
    ),
    ({"quote": OPEN, "actors": ["plant"]}, 'actors: "plant" is not named in the quote or just before it; removed'),
    ({"quote": BUY, "actors": {"buyer": "nordkraft"}}, "actors: roles are not verified; removed"),
    ({"quote": KEPT, "places": ["Bergen"]}, 'places: "Bergen" is not named in the quote or just before it; removed'),
    ({"quote": KEPT, "places": ["Malmö, Denmark"]}, 'places: "Malmö, Denmark" is more than the text states; Malmö'),
    # Status, titles, and other fields
    ({"quote": OPEN, "status": "happened"}, "status: happened is not supported by the quote; planned"),
    (
        {"quote": BUY, "date": "2023-10", "status": "cancelled"},
        "status: cancelled is not supported by the quote; happened",
    ),
    ({"quote": OPEN, "status": "cancelled"}, "status: cancelled is not supported by the quote; planned"),
    ({"quote": SOLD, "date": "2024", "status": "planned"}, "status: planned is not supported by the quote; happened"),
    ({"quote": BUY, "title": "Voltra buys 25% of Nordkraft"}, 'title: "25" is not in the text; replaced'),
    ({"quote": BUY, "title": "Voltra buys Solarix shares"}, 'title: "Solarix" is not in the text; replaced'),
    ({"quote": BUY, "title": "Tesla buys 20% of Nordkraft"}, 'title: "Tesla" is not in the text'),
    ({"quote": KEPT, "title": "The group sells its plant in Malmö"}, 'title: it omits "not" from the quote'),
    ({"quote": BUY, "reported": True}, "reported: true is not supported by the quote; false"),
    ({"quote": OFF, "reported": False}, "reported: false is not supported by the quote; true"),
    ({"quote": BUY, "figures": "many"}, "figures: not a list of metrics and values; removed"),
    ({"quote": BUY, "kind": "Big deal"}, 'kind: "Big deal" is not a word in lower case; big-deal'),
    ({"quote": BUY, "note": "Probably a bargain."}, '"note": not a field of a proposal; removed'),
]
TITLE = "Voltra and Nordkraft"
TRUE: list[dict[str, Any]] = [
    {
        "quote": BUY,
        "title": "Voltra is to buy about 20% of Nordkraft",
        "date": "2023-10",
        "actors": ["voltra", "nordkraft"],
    },
    {
        "quote": BUY,
        "date": "October 2023",
        "printed": "October 2023",
        "figures": {"stake": "~20%", "price": "~1.5bn EUR"},
    },
    {"quote": BUY[:-1], "actors": ["Voltra Energy", "Nordkraft"]},
    {"quote": BUY.replace("In", "in", 1).replace(" ", "\n", 3), "date": "2023-10"},
    {"quote": f"{BUY} {LEFT}", "date": "2023-10", "actors": ["helmut-berg"]},
    {"quote": LEFT, "actors": ["Helmut Berg", "voltra"]},
    {"quote": SOLD, "date": "2024", "figures": {"sales": "68000 batteries"}},
    {"quote": SOLD, "period": "2024"},
    {"quote": HALF, "date": "2025H1", "figures": {"sales": "<29000 batteries"}, "actors": ["voltra"]},
    {"quote": HALF, "date": "first half of 2025", "status": "happened"},
    {"quote": KEPT, "places": ["Malmö"], "title": "The group does not sell its plant"},
    {"quote": OPEN, "date": "by 2026", "status": "planned", "places": ["Bergen"]},
    {"quote": OPEN, "date": "[..2026]", "status": "planned"},
    {
        "quote": JOBS,
        "figures": [{"metric": "capacity", "value": "50 GWh/year"}, {"metric": "jobs", "value": "1200 jobs"}],
        "status": "planned",
    },
    {"quote": JOBS, "status": "planned", "actors": ["nordkraft"]},
    {"quote": SILENT, "date": "2025-10-27", "actors": ["helmut-berg"]},
    {"quote": OFF, "date": "2025-07", "status": "cancelled", "actors": ["Solarix Group"], "reported": True},
    {
        "quote": "Voltra was founded in 2011.",
        "title": "Voltra is founded",
        "date": "2011",
        "kind": "founding",
        "actors": ["voltra"],
    },
    {"quote": "Voltra was founded in 2011.", "title": "Voltra is founded", "date": 2011},
    {"quote": SOLD, "figures": {"sales": ["68,000 batteries"]}, "date": "2024"},
]


@pytest.mark.parametrize(("item", "message"), PLANTED, ids=range(len(PLANTED)))
def test_planted_errors_are_reported(proposer: Proposer, item: dict[str, Any], message: str) -> None:
    result, messages = verify(proposer, **{"title": TITLE, **item})
    assert any(line.startswith(message) for line in messages), messages
    assert len(result.proposals) == (not messages[0].startswith("refused"))
    # What is removed from a proposal is in the draft as a comment, too.
    assert not result.proposals or any(check.startswith(message) for check in result.proposals[0].checks)


@pytest.mark.parametrize("item", TRUE, ids=range(len(TRUE)))
def test_true_fields_are_kept(proposer: Proposer, item: dict[str, Any]) -> None:
    result, messages = verify(proposer, **{"title": TITLE, **item})
    assert messages == []
    body = result.proposals[0].body
    assert body.keys() - {"printed", "sources", "reported"} == {
        "date" if key == "period" and "date" in body else key
        for key in item.keys() - {"quote", "printed", "reported"} | {"title"}
    } - ({"status"} if item.get("status") == "happened" else set())


def test_values_are_those_of_the_article(proposer: Proposer) -> None:
    result, _ = verify(
        proposer,
        quote=SOLD,
        title=TITLE,
        date="2024",
        figures={"sales": ["68,000 batteries", "nearly 90,000 batteries"]},
    )
    assert result.proposals[0].body == {
        "date": "2024",
        "printed": "2024",
        "title": TITLE,
        "figures": {"sales": ["68,000 batteries", {"value": "nearly 90,000 batteries", "period": "2019"}]},
        "sources": [{"id": "news", "quote": SOLD}],
    }


def test_new_actors_are_proposed(proposer: Proposer) -> None:
    result, _ = verify(proposer, quote=OFF, title=TITLE, actors=["Solarix Group", "voltra"])
    assert result.new_actors == [("solarix-group", "Solarix Group", 1)]


def test_a_repeated_proposal_is_refused(proposer: Proposer) -> None:
    verifier = Verifier(proposer)
    result = verifier.verify([{"quote": BUY, "title": TITLE}, {"quote": BUY, "title": TITLE}, "x"])
    assert (len(result.proposals), verifier.refused_count) == (1, 2)
    assert verifier.messages == [
        "proposal 2: refused: it repeats proposal 1",
        "proposal 3: refused: it is not an object",
    ]


def test_the_nearest_passage_is_shown(proposer: Proposer) -> None:
    _, messages = verify(proposer, quote=HALF.replace("fewer", "less"), title=TITLE)
    assert messages == [
        "refused: the article does not contain the quote"
        ' "In the first half of 2025, it sold less than 29,000 batteries.";'
        ' most similar: "In the first half of 2025, it sold fewer than 29,000 batteries"'
    ]


ANSWERS = {
    '{"proposals": [{"quote": "a"}]}': 1,
    'Sure [1]:\n```json\n[{"quote": "a"}, {"quote": "b"}]\n```\nDone.': 3,
    '{"quote": "a"}\n{"quote": "b"}\n': 2,
    '{"quote": "a"}': 1,
}


@pytest.mark.parametrize(("text", "count"), ANSWERS.items())
def test_answers(text: str, count: int) -> None:
    assert len(parse_answer(text, "x")) == count


REMEDY = "write JSON as `autotimeline draft ARTICLE --prompt` describes"
BAD_ANSWERS = {
    "I cannot do this.": f"x: no proposals; {REMEDY}",
    '{"proposals": []}': f"x: no proposals; {REMEDY}",
    '[{"quote": "a"}, {"quo': f"x: incomplete JSON; {REMEDY}",
    '{"quote": "a"} {"quote": ': f"x: incomplete JSON; {REMEDY}",
    "[1]" * 2000: "x: more than 1,000 proposals; split the answer",
}


@pytest.mark.parametrize(("text", "message"), BAD_ANSWERS.items(), ids=range(len(BAD_ANSWERS)))
def test_bad_answers_get_one_line(text: str, message: str) -> None:
    with pytest.raises(AutotimelineError) as raised:
        parse_answer(text, "x")
    assert str(raised.value) == message


def test_a_deep_answer_gets_one_line() -> None:
    with pytest.raises(AutotimelineError, match=r"^x: .*; write JSON as"):
        parse_answer("[" * 100_000, "x")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 2030)
    | st.sampled_from([BUY, "voltra", "2023-10", "~20%", "\x1b\ud800é", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "metric", "a"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*KEYS, "other"]), VALUES, max_size=6).map(lambda item: {"quote": BUY, **item}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_answer_gives_valid_events_or_a_refusal(proposer: Proposer, item: dict[str, Any]) -> None:
    result, messages = verify(proposer, **item)
    assert result.proposals or messages
    for proposal in result.proposals:
        _, problems = parse_entry("event", "", {"id": "x", **proposal.body})
        assert problems == []
        assert all(map(str.isprintable, (proposal.body["title"], *proposal.checks)))
