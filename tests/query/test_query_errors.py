"""What is refused, and what is warned of: the exact words, each with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

import autotimeline
from autotimeline.errors import UsageError
from autotimeline.query.fields import QUERY_FIELDS
from autotimeline.query.parser import MAX_DEPTH

TODAY = "2025-11-22"
HERE = Path(__file__).parent
SAID = [line.split("\t") for line in (HERE / "refusals.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
REFUSED_OF_NAMES = [
    ("actor:north-star", '"north-star" names several actors: north, south; write the id of one'),
    ("source:same-title", '"same-title" names several sources: one, two; write the id of one'),
    (":ring", 'in the alias :ring, actor:north :gnir: the alias ":ring" asks for itself (ring → gnir → ring)'),
]
TOO_DEEP = "the query is nested too deep; write it with fewer parentheses and aliases within each other"
TOO_MANY = "the query has too many terms for one question; ask in several"


@pytest.fixture(scope="module")
def story():
    opened = autotimeline.open(str(HERE.parent.parent / "facts.toml"), today=TODAY, cache=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def names():
    opened = autotimeline.open(str(HERE / "names.toml"), today=TODAY, cache=False)
    yield opened
    opened.close()


def refusal(opened, query, **options):
    with pytest.raises(UsageError) as refused:
        opened.select(query, **options)
    assert refused.value.exit_code == 2
    return str(refused.value)


@pytest.mark.parametrize(("query", "text"), SAID)
def test_a_wrong_query_is_refused_and_a_doubtful_one_warned_of(story, query, text):
    if text.startswith(("warns: ", "silent")):
        # Once, however often it is asked.
        assert story.select(f"{query} or not ({query})").resolver.warnings == [text[7:]] * text.startswith("warns")
        return
    assert refusal(story, query) == text
    # Wherever it stands.
    assert refusal(story, f"kind:deal or not ({query})") == text


@pytest.mark.parametrize(("query", "text"), REFUSED_OF_NAMES)
def test_names_that_mean_several_and_aliases_that_mean_themselves(names, query, text):
    assert refusal(names, query) == text


def test_a_field_to_sort_by_that_is_none(story):
    assert refusal(story, "", sort="dat") == 'cannot sort by "dat"; did you mean "date"?'
    assert refusal(story, "", sort="actors") == (
        'cannot sort by "actors"; there are id, date, edtf, extent, earliest, latest, status, kind, title, known,'
        " printed, reported, note, file, line, slip, slip_low, slip_high"
    )


@pytest.mark.parametrize(
    "field", ["", "text", "title", "kind", "actor", "source", "since", "investment", "near", "nofield"]
)
def test_what_is_no_utf_8_is_refused(story, field):
    word = "\udcff\udc80"
    assert refusal(story, [f"{field}:{word}" if field else word]) == f'"{word}" is not UTF-8'
    assert refusal(story, [f":{word}"]) == f'"{word}" is not UTF-8'


@pytest.mark.parametrize("word", ["x" * 10_000, "中" * 10_000, "kind:" + "x" * 10_000, "since:" + "9" * 10_000])
def test_what_is_too_long_is_refused(story, word):
    value = word.rpartition(":")[2]
    assert refusal(story, [word]) == f'"{value[:40]}…" is too long; a value has at most 1,000 characters'
    assert story.select([word[:1000]] if ":" not in word else []).total() >= 0


def test_numbers_that_python_refuses_to_read_are_read(story):
    for query in (f"near:@catl-jv/{'9' * 900}d", f"near:@catl-jv/{'9' * 900}m"):
        assert story.select(query).total() == story.select("not is:undated").total()
    assert refusal(story, f"since:+{'9' * 90}m").endswith("is outside the years 0001 to 9999: write a smaller number")


HARD = "' % _ * \" - ^ + [ ] ( @ / , .. < > ¤ ² １ NEAR(a,b) a\\ \x00 a\x00b title:x {must} {today} {0} {} ? ?1 :x $y"
# The fields, or none, in which they are answered: in any other they are refused.
ANY_WORD = ["kind", "role", "place", "tag"]
SEARCHED = ["", "text", "title", *ANY_WORD]
ANSWERED = dict.fromkeys(HARD.split(), ANY_WORD)
WORDS = ["²", "１", "NEAR(a,b)", "a\\", "a\x00b", "title:x", "{must}", "{today}", "{0}", "?1", "$y"]
ANSWERED |= dict.fromkeys(WORDS, SEARCHED)
ANSWERED |= {'"': [], ",": [], ":x": SEARCHED[1:]}


@pytest.mark.parametrize(("value", "fields"), ANSWERED.items(), ids=map(ascii, ANSWERED))
def test_no_text_of_a_user_reaches_sql(story, value, fields):
    answered = []
    for field in ["", *QUERY_FIELDS, "investment", "nofield"]:
        try:
            selection = story.select([f"{field}:{value}" if field else value])
        except UsageError:
            continue
        answered.append(field)
        assert sum(1 for _ in selection.rows(["id", "match", "mark"])) == selection.total()
        assert not (field in ANY_WORD and selection.total())
    assert sorted(answered) == sorted(fields)


@pytest.mark.parametrize(
    "terms",
    [
        [f"since:{2023 - number}" for number in range(1000)],
        [f"id:catl-jv,leapmotor-deal or kind:k{number}" for number in range(1000)],
        [f"not text:word{number}" for number in range(300)],
        ["sales:..29k"] * 20_000,
    ],
)
def test_very_many_terms_are_answered(story, terms):
    selection = story.select(" ".join(terms), certain=True)
    assert sum(1 for _ in selection.rows(["id", "match"])) == selection.total()


def test_more_than_sqlite_takes_is_refused(story):
    assert refusal(story, " or ".join(f"sales:..{number}k/month" for number in range(1000))) == TOO_MANY


@pytest.mark.parametrize("leaf", ["sales:..5/month", "is:overdue", "date:2024", "text:catl", "link:leads-to@catl-jv"])
def test_nesting_up_to_the_limit_is_answered_and_beyond_refused(story, leaf):
    def nested(depth, form):
        query = leaf
        for level in range(depth):
            query = form.format("or" if level % 2 else "and", query)
        return query

    for form in ("is:overdue {} ({})", "({1}) {0} is:overdue", "not is:overdue {} not ({})"):
        # The outermost of the tree needs no parentheses.
        for certain in (False, True):
            selection = story.select(nested(MAX_DEPTH, form), certain=certain)
            assert sum(1 for _ in selection.rows(["id", "match"])) == selection.total()
            assert selection.undated() >= 0
        assert refusal(story, nested(MAX_DEPTH + 1, form)) == TOO_DEEP
        assert refusal(story, nested(3000, form)) == TOO_DEEP


def test_aliases_within_each_other_have_the_same_limit(tmp_path):
    lines = [f'a{level} = "kind:deal or (kind:visit :a{level + 1})"' for level in range(30)]
    path = tmp_path / "facts.toml"
    path.write_text("\n".join(["[alias]", *lines, 'a30 = "kind:deal"', "quote = 'a\"b'"]), "utf-8")
    opened = autotimeline.open(str(path), cache=False)
    assert opened.select(":a29").total() == 0
    assert refusal(opened, ":a0") == f"in the alias :a0, kind:deal or (kind:visit :a1): {TOO_DEEP}"
    assert refusal(opened, ":quote") == 'in the alias :quote, a"b: a quote is not closed in: a"b'
