"""Words to trees: what they read as, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.errors import UsageError
from autotimeline.query.parser import MAX_DEPTH, And, Not, Or, Term, parse_query, split_values

# A query as the shell makes its words, and as one string; what it is understood as.
READ = [
    ([], "", ""),
    (["kind:deal"], "kind:deal", "kind:deal"),
    (["KIND:Deal"], "KIND:Deal", "kind:Deal"),
    (["kind:deal", "since:2023"], "kind:deal since:2023", "kind:deal since:2023"),
    (["kind:deal", "and", "since:2023"], "kind:deal AND since:2023", "kind:deal since:2023"),
    (["a", "or", "b", "c"], "a or b c", "a or (b c)"),
    (["a", "b", "or", "c"], "a b or c", "(a b) or c"),
    (["not", "a", "b"], "not a b", "not a b"),
    (["not", "a", "or", "b"], "not a OR b", "not a or b"),
    (["not", "not", "a"], "not NOT a", "a"),
    (["not", "(", "a", "or", "b", ")"], "not (a or b)", "not (a or b)"),
    (["(", "a", "or", "b", ")", "c"], "(a or b) c", "(a or b) c"),
    (["(a", "or", "b)", "c"], "(a or b)c", "(a or b) c"),
    (["((a", "or", "b)", "c)", "or", "d"], "((a or b) c) or d", "((a or b) c) or d"),
    (["(a or b)", "c"], "( a or b ) c", "(a or b) c"),
    (["not (a or b)"], "not(a or b)", "not (a or b)"),
    (["(a)"], "(a)", "a"),
    (["text:joint venture"], 'text:"joint venture"', '"text:joint venture"'),
    (["joint venture"], '"joint venture"', '"joint venture"'),
    (["founded (2011) there"], '"founded (2011) there"', '"founded (2011) there"'),
    (["place:Zaragoza, Spain", "x"], 'place:"Zaragoza, Spain" x', '"place:Zaragoza, Spain" x'),
    (["text:not"], "text:not", "text:not"),
    (['say "so"'], r'"say \"so\""', r'"say \"so\""'),
    (["a\\b c\\"], r'"a\b c\\"', r'"a\\b c\\"'),
    (["text:kind:deal"], "text:kind:deal", "text:kind:deal"),
    ([":jv", "not", ":Money"], ":jv not :Money", ":jv not :Money"),
    (["investment>1bn"], "investment>1bn", "investment:>1bn"),
    (["investment>=1bn"], "investment>=1bn", "investment:1bn.."),
    (["investment<=1bn"], "investment<=1bn", "investment:..1bn"),
    (["investment<1bn"], "investment<1bn", "investment:<1bn"),
    (["stake=20%"], "stake=20%", "stake:20%"),
    (["investment>"], "investment>", "investment>"),
    (["market-share:1%..", "head_count:5"], "market-share:1%.. head_count:5", "market-share:1%.. head_count:5"),
    (["2025:x"], "2025:x", "2025:x"),
    (["Straße:x"], "Straße:x", "straße:x"),
    (["foo.bar:baz"], "foo.bar:baz", "foo.bar:baz"),
    (["kind.x=3"], "kind.x=3", "kind.x:3"),
    (["investment > 1bn"], '"investment > 1bn"', "investment:>1bn"),
    (["kind :deal"], '"kind :deal"', '"kind :deal"'),
    (["a b:c"], '"a b:c"', '"a b:c"'),
    (["date>2025"], "date>2025", "date:after-2025"),
    (["Date < 2025-03"], '"Date < 2025-03"', "date:before-2025-03"),
    (["date>=2025"], "date>=2025", "date:2025.."),
    (["date<=2025"], "date<=2025", "date:..2025"),
    (["date=2025"], "date=2025", "date:2025"),
    (["known>@x"], "known>@x", "known:after-@x"),
    (["oct-2023~"], "oct-2023~", "oct-2023~"),
    (["oct-2023~..2024"], "oct-2023~..2024", "oct-2023~..2024"),
    ([" kind:deal "], " kind:deal ", "kind:deal"),
]


@pytest.mark.parametrize(("shell", "string", "understood"), READ)
def test_words_and_strings_read_alike(shell, string, understood):
    assert str(parse_query(shell)) == understood
    assert str(parse_query(string)) == understood
    assert str(parse_query(understood)) == understood


def test_a_quoted_operator_is_a_word():
    tree = parse_query('"not" "or" "("')
    assert isinstance(tree, And)
    assert [(term.field, term.value) for term in tree.operands] == [("", "not"), ("", "or"), ("", "(")]
    assert str(tree) == '"not" "or" "("'


REFUSED = [
    ("(", '"(" without ")"'),
    (")", '")" without "("'),
    ("(a", '"(" without ")"'),
    ("a)", '")" without "("'),
    ("()", '"()" holds nothing'),
    ("a or", '"or" needs a term on both sides; search the word itself with text:or'),
    ("or a", '"or" needs a term on both sides; search the word itself with text:or'),
    ("a or or b", '"or" needs a term on both sides; search the word itself with text:or'),
    ("(a or )", '"or" needs a term on both sides; search the word itself with text:or'),
    ("( or a)", '"or" needs a term on both sides; search the word itself with text:or'),
    ("a and", '"and" needs a term on both sides; search the word itself with text:and'),
    ("and a", '"and" needs a term on both sides; search the word itself with text:and'),
    ("a and and b", '"and" needs a term on both sides; search the word itself with text:and'),
    ("a and or b", '"and" needs a term on both sides; search the word itself with text:and'),
    ("not", '"not" needs a term behind it; search the word itself with text:not'),
    ("a not", '"not" needs a term behind it; search the word itself with text:not'),
    ("not or a", '"not" needs a term behind it; search the word itself with text:not'),
    ("(not )", '"not" needs a term behind it; search the word itself with text:not'),
    ('a "b c', 'a quote is not closed in: a "b c'),
    ('a ""', "an empty word is no query; leave it out"),
    ("title~cell", '"title~cell": ~ is not an operator; write title:cell'),
    ("kind:deal foo~=bar", '"foo~=bar": ~ is not an operator; write foo:bar'),
]


@pytest.mark.parametrize(("query", "text"), REFUSED)
def test_refusals(query, text):
    with pytest.raises(UsageError) as refused:
        parse_query(query)
    assert str(refused.value) == text


def test_an_empty_word_of_the_shell_is_refused():
    with pytest.raises(UsageError, match="an empty word is no query; leave it out"):
        parse_query(["kind:deal", " "])


@pytest.mark.parametrize("deep", [MAX_DEPTH + 1, 10_000])
def test_too_many_parentheses_are_refused_politely(deep):
    assert str(parse_query("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)) == "a"
    with pytest.raises(UsageError) as refused:
        parse_query("(" * deep + "a" + ")" * deep)
    assert str(refused.value) == (
        "the query is nested too deep; write it with fewer parentheses and aliases within each other"
    )


def test_length_is_no_depth():
    assert len(parse_query(["a"] * 20_000).operands) == 20_000
    assert str(parse_query("not " * 10_001 + "a")) == "not a"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("deal", ["deal"]),
        ("deal,visit", ["deal", "visit"]),
        ("deal,visit,", ["deal", "visit"]),
        (",", []),
        ("", []),
        ("Zaragoza, Spain", ["Zaragoza, Spain"]),
        ("Zaragoza, Spain,China", ["Zaragoza, Spain", "China"]),
        ("[2023,2024],2025", ["[2023,2024]", "2025"]),
        ("[2023-10,..2024-01]", ["[2023-10,..2024-01]"]),
        ("2023,2024", ["2023", "2024"]),
        ("68,000", ["68", "000"]),
    ],
)
def test_a_comma_is_any_of(text, found):
    assert split_values(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("68,000", ["68,000"]),
        ("..29,000,68,000..", ["..29,000", "68,000.."]),
        ("..29k,68,000..", ["..29k", "68,000.."]),
        ("1,000,2,000", ["1,000", "2,000"]),
        ("1bn..,..5m", ["1bn..", "..5m"]),
        ("5,50", ["5", "50"]),
        ("1,2345", ["1", "2345"]),
    ],
)
def test_a_comma_between_digit_groups_belongs_to_its_number(text, found):
    assert split_values(text, numbers=True) == found


FIELD = st.sampled_from(["", "text", "kind", "head_count", ":"])
VALUE = st.text(st.sampled_from('ab中é:>=,.@-"\\()[]\t ') | st.characters(codec="utf-8"), min_size=1, max_size=8)
# What begins with !, or contains != or ~ after a word, is refused in words of its own.
VALUE = VALUE.map(str.strip).filter(lambda text: text and "!" not in text and "~" not in text)
TERM = st.builds(Term, FIELD, VALUE)
TREE = st.recursive(
    TERM,
    lambda parts: st.one_of(
        st.builds(Not, parts),
        st.lists(parts, min_size=2, max_size=3).map(And),
        st.lists(parts, min_size=2, max_size=3).map(Or),
    ),
    max_leaves=8,
)


def shape(node):
    if isinstance(node, Term):
        return (node.field, node.value)
    if isinstance(node, Not):
        return ("not", shape(node.operand))
    return (type(node).__name__, *(shape(part) for part in node.operands))


@given(TREE)
def test_what_is_printed_reads_back_as_the_same_tree(tree):
    # A tree as it is read: a bare word may turn out to have a field, and a double negation is none.
    read = parse_query(str(tree))
    assert shape(parse_query(str(read))) == shape(read)


@given(st.text(st.sampled_from('ab :"\\()not r,') | st.characters(), max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        read = parse_query(text)
    except UsageError:
        return
    assert shape(parse_query(str(read))) == shape(read)
