"""The exact text of every format."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from format_sample import COLUMNS, FOOTER, HOSTILE, ROWS, render, sample, strings

from autotimeline import formats
from autotimeline.errors import AutotimelineError
from autotimeline.formats import toml
from autotimeline.plugins import list_names, load
from autotimeline.render.canvas import Canvas
from autotimeline.render.text_layout import paragraph
from autotimeline.table import Column, Table

PLAIN = (
    "deal\t2023-10\tcertain\thappened\tPlans to buy about 20%\t1.50\tev; a\\\\;b\tstake ~20%\t\n"
    "plant-opens\tby 2026-12\tpossible\tplanned\t"
    r"[/foo] [sic] :smile: \x1b]0;pwned\x07 \u202eRTL\u202c " + "e\u0301 日本 🚗" + r"""\tx\n"q" \\ 'a|b'"""
    "\t12\t\t\t\n"
    "sum\t2025\tcertain\thappened\t=1+1\t-5\t@x\t\t\n"
)


def test_plain():
    assert render("plain", sample()) == PLAIN


def test_tsv():
    header = "id\tdate\tmatch\tstatus\ttitle\tcount\ttags\tfigures\tnote\n"
    assert render("tsv", sample()) == header + PLAIN
    assert render("tsv", sample(), "bom") == "\ufeff" + header + PLAIN


def test_csv():
    assert render("csv", sample()) == (
        "id,date,match,status,title,count,tags,figures,note\r\n"
        "deal,2023-10,certain,happened,Plans to buy about 20%,1.50,ev; a\\;b,stake ~20%,\r\n"
        f'plant-opens,by 2026-12,possible,planned,"{HOSTILE.replace(chr(34), chr(34) * 2)}",12,,,\r\n'
        "sum,2025,certain,happened,'=1+1,-5,'@x,,\r\n"
    )


def test_csv_flags():
    written = render("csv", sample(), "raw", "bom")
    assert written.startswith("\ufeffid,date,")
    assert written.endswith("sum,2025,certain,happened,=1+1,-5,@x,,\r\n")


def test_csv_steers_no_terminal():
    written = render("csv", sample(), paper=Canvas(80, is_terminal=True))
    assert r"\x1b]0;pwned\x07 \u202eRTL" in written
    assert "\x1b" not in written


def test_jsonl():
    assert render("jsonl", sample()) == (
        '{"id": "deal", "date": "2023-10", "match": "certain", "status": "happened", '
        '"title": "Plans to buy about 20%", "count": 1.50, "tags": ["ev", "a;b"], '
        '"figures": [{"metric": "stake", "text": "~20%", "low": 18.00, "high": null, "about": true}], "note": null}\n'
        '{"id": "plant-opens", "date": "by 2026-12", "match": "possible", "status": "planned", '
        r'"title": "[/foo] [sic] :smile: \u001b]0;pwned\u0007 \u202eRTL\u202c '
        + "e\u0301 日本 🚗"
        + r"""\tx\n\"q\" \\ 'a|b'", """
        '"count": 12, "tags": [], "figures": [], "note": null}\n'
        '{"id": "sum", "date": "2025", "match": "certain", "status": "happened", '
        '"title": "=1+1", "count": -5, "tags": ["@x"], "figures": [], "note": null}\n'
    )


def test_json_is_the_same_objects_in_an_array():
    lines = render("jsonl", sample()).splitlines()
    assert render("json", sample()) == "[\n" + ",\n".join(lines) + "\n]\n"


def test_json_numbers_are_exact_decimals():
    cells = [Decimal("0.1000000000000000055511151231257827"), Decimal("1E+3"), 10**30, True, None]
    table = Table([Column(name) for name in "abcde"], iter([cells]))
    assert render("jsonl", table) == (
        '{"a": 0.1000000000000000055511151231257827, "b": 1000, '
        '"c": 1000000000000000000000000000000, "d": true, "e": null}\n'
    )


def test_json_escapes_what_steers_or_cannot_be_encoded():
    text = "\x7f\x85\u2028\ufeff\U000e0001\ud800 👩\u200d👧"
    written = render("jsonl", strings([[text]], 1))
    assert written == '{"c0": "\\u007f\\u0085\\u2028\\ufeff\\udb40\\udc01\\ud800 👩\u200d👧"}\n'


PEOPLE = [
    ["deal", "certain", "happened", "[/foo] [sic] *b* _i_", Decimal("1.50"), None],
    ["plant-opens", "possible", "planned", ":smile: \x1b]0;x\x07\u202eRTL", 12, None],
    ["日本", "certain", "cancelled", "e\u0301\ta|b\n\\ `c` <b>&amp;", None, None],
    ["sum", "certain", "happened", "~20% of <29,000, R&D", -5, None],
]


def people() -> Table:
    columns = [c for c in COLUMNS if c.name in ("id", "match", "status", "title", "count", "note")]
    return Table(columns, iter(PEOPLE), footer=lambda: FOOTER)


def test_markdown():
    assert (
        "\n" + render("markdown", people())
        == r"""
| id          | match | status    | title                              | count |
| ----------- | ----- | --------- | ---------------------------------- | ----: |
| deal        |       | ●         | \[/foo\] \[sic\] \*b\* \_i\_       |  1.50 |
| plant-opens | ?     | ○         | \:smile: \\x1b\]0;x\\x07\\u202eRTL |    12 |
| 日本        |       | cancelled | e&#769; a\|b<br>\\ \`c\` \<b>\&amp;      |       |
| sum         |       | ●         | ~20% of <29,000, R&D               |    -5 |

*1 of 3 may fall outside; 2 undated left out*
""".replace("&#769;", "\u0301")
    )


def test_a_head_of_markdown_is_text_as_well():
    """`count --by year,kind` has what the store calls its kinds across."""
    shown = render("markdown", Table([Column("a\x1b[31m|*b*\nc\u202e")], iter([["1"]])))
    assert shown.splitlines()[0] == r"| a\\x1b\[31m\|\*b\*<br>c\\u202e |"


def test_notes_of_markdown_are_numbered_in_the_order_of_their_use():
    notes = {
        "web": (("“a|b” (X*), in ", ""), ("The [A]", "https://e.org/x_(y)|*?a=b c&copy;#z"), (", 2024", "")),
        "script": (("B", "javascript:alert(1)"),),
        "lines": (("one\ntwo", "HTTP://e.org"),),
    }
    column = Column("sources", cell_to_notes=lambda cell: [notes[name] for name in cell])
    cells = [["web", "script", "script"], [], ["lines", "web"]]
    table = Table([Column("id"), column], iter([[str(n), cell] for n, cell in enumerate(cells)]), footer=lambda: FOOTER)
    assert (
        "\n" + render("markdown", table)
        == r"""
| id  | sources   |
| --- | --------- |
| 0   | [^1] [^2] |
| 1   |           |
| 2   | [^3] [^1] |

[^1]: “a\|b” (X\*), in [The \[A\]](https://e.org/x_%28y%29%7C%2A?a=b%20c&copy%3B#z), 2024

[^2]: B

[^3]: [one<br>two](HTTP://e.org)

*1 of 3 may fall outside; 2 undated left out*
"""
    )


def test_words_are_for_people_and_records_for_programs():
    def table() -> Table:
        return Table(
            [Column("n", lambda item: f"n={item['n']}", cell_to_words=lambda cell: "in *words*")], iter([[{"n": 1}]])
        )

    assert render("markdown", table()).splitlines()[2] == r"| in \*words\* |"
    assert render("table", table()).splitlines()[1] == "in *words*"
    assert render("plain", table()) == "n=1\n"
    assert render("json", table()) == '[\n{"n": {"n": 1}}\n]\n'


def test_table():
    assert (
        "\n" + render("table", people())
        == r"""
id                         title                          count
deal            ●          [/foo] [sic] *b* _i_            1.50
plant-opens  ?  ○          :smile: \x1b]0;x\x07\u202eRTL     12
日本            cancelled  e&#769; a|b \ `c` <b>&amp;
sum             ●          ~20% of <29,000, R&D              -5
""".replace("&#769;", "\u0301")
    )


def test_table_wraps_its_widest_column_on_a_terminal():
    assert (
        "\n" + render("table", people(), paper=Canvas(60, is_terminal=True))
        == r"""
id                         title                       count
deal            ●          [/foo] [sic] *b* _i_         1.50
plant-opens  ?  ○          :smile:                        12
                           \x1b]0;x\x07\u202eRTL
日本            cancelled  e&#769; a|b \ `c` <b>&amp;
sum             ●          ~20% of <29,000, R&D           -5

1 of 3 may fall outside; 2 undated left out
""".replace("&#769;", "\u0301")
    )


def test_table_is_paragraphs_on_a_narrow_terminal():
    assert (
        "\n" + render("table", people(), paper=Canvas(20, is_terminal=True))
        == r"""
id      deal
status  ●
title   [/foo] [sic]
        *b* _i_
count   1.50

id      plant-opens
match   ?
status  ○
title   :smile:
        \x1b]0;x\x07
        \u202eRTL
count   12

id      日本
status  cancelled
title   e&#769; a|b \ `c`
        <b>&amp;

id      sum
status  ●
title   ~20% of
        <29,000, R&D
count   -5

1 of 3 may fall
outside; 2 undated
left out
""".replace("&#769;", "\u0301")
    )


def test_table_in_colour_and_in_ascii():
    coloured = render("table", people(), paper=Canvas(80, color=True)).splitlines()
    assert coloured[0].startswith("\x1b[2mid ")
    assert coloured[2].startswith("plant-opens  \x1b[33m?\x1b[0m  \x1b[94m○\x1b[0m          :smile:")
    assert render("table", people(), paper=Canvas(None, unicode=False)).splitlines()[1].split()[1] == "*"


def test_a_view_that_draws_itself():
    def table():
        drawing = iter([paragraph([("2023", "")]), paragraph([("● deal", "")], indent=2)])
        return Table(COLUMNS, iter(ROWS), drawing=drawing, footer=lambda: ["a footer"])

    on_terminal = Canvas(80, is_terminal=True)
    assert render("table", table()) == "2023\n  ● deal\n"
    assert render("table", table(), paper=on_terminal) == "2023\n  ● deal\n\na footer\n"
    assert render("table", table(), paper=Canvas(6)) == "2023\n  ●\n  deal\n"
    assert "● deal" not in render("markdown", table())


def test_a_store_as_toml():
    blocks = [
        ("store", {"format": 1}),
        ("source.turn-2025", {"title": "Turns back", "published": "2025-10~"}),
        (
            "event",
            {
                "id": "deal",
                "date": date(2023, 10, 26),
                "actors": {"buyer": "stellantis", "target": ["leapmotor"]},
                "figures": {
                    "investment": "~1.5bn EUR",
                    "stake": [
                        {"value": "~20%", "of": "leapmotor", "basis": "expected", "source": "turn-2025"},
                        {"value": "21%", "of": "leapmotor", "basis": "actual", "source": "turn-2025"},
                    ],
                },
                "accept": {},
                "reported": True,
                "note": "One.\r\nTwo \x85\u202e\U000e0001 \x7f.",
                "key with spaces": 1,
            },
        ),
    ]
    table = Table(COLUMNS, iter(ROWS), store_blocks=lambda: iter(blocks))
    assert (
        render("toml", table)
        == r"""[store]
format = 1

[source.turn-2025]
title = "Turns back"
published = "2025-10~"

[[event]]
id = "deal"
date = 2023-10-26
actors = { buyer = "stellantis", target = ["leapmotor"] }
figures.investment = "~1.5bn EUR"
figures.stake = [
    { value = "~20%", of = "leapmotor", basis = "expected", source = "turn-2025" },
    { value = "21%", of = "leapmotor", basis = "actual", source = "turn-2025" },
]
accept = {}
reported = true
note = "One.\r\nTwo \u0085\u202e\U000e0001 \u007f."
"key with spaces" = 1
"""
    )


def test_toml_refuses_half_a_character():
    out = io.StringIO()
    blocks = [("event", {"id": "one", "title": "x"}), ("event", {"id": "two", "title": "\ud83d"})]
    table = Table(COLUMNS, iter(ROWS), store_blocks=lambda: iter(blocks))
    with pytest.raises(AutotimelineError) as caught:
        toml.write(table, out, Canvas(None), frozenset())
    assert str(caught.value) == (
        r'event "two": TOML cannot contain \ud83d, half of a surrogate pair; correct the text, or write JSON'
    )
    assert out.getvalue() == '[[event]]\nid = "one"\ntitle = "x"\n'


def test_toml_without_blocks():
    assert render("toml", sample()) == (
        "[[row]]\n"
        'id = "deal"\n'
        'date = "2023-10"\n'
        'match = "certain"\n'
        'status = "happened"\n'
        'title = "Plans to buy about 20%"\n'
        "count = 1.50\n"
        'tags = ["ev", "a;b"]\n'
        'figures = [{ metric = "stake", text = "~20%", low = 18.00, about = true }]\n'
        "\n"
        "[[row]]\n"
        'id = "plant-opens"\n'
        'date = "by 2026-12"\n'
        'match = "possible"\n'
        'status = "planned"\n'
        r'title = "[/foo] [sic] :smile: \u001b]0;pwned\u0007 \u202eRTL\u202c '
        + "e\u0301 日本 🚗\t"
        + r"""x\n\"q\" \\ 'a|b'"
"""
        "count = 12\n"
        "tags = []\n"
        "figures = []\n"
        "\n"
        "[[row]]\n"
        'id = "sum"\n'
        'date = "2025"\n'
        'match = "certain"\n'
        'status = "happened"\n'
        'title = "=1+1"\n'
        "count = -5\n"
        'tags = ["@x"]\n'
        "figures = []\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain", ""),
        ("tsv", "c0\n"),
        ("csv", "c0\r\n"),
        ("json", "[]\n"),
        ("jsonl", ""),
        ("toml", ""),
        ("markdown", "| c0  |\n| --- |\n"),
        ("table", ""),
    ],
)
def test_no_rows(name, text):
    assert render(name, strings([], 1)) == text


def test_every_format_says_what_it_is():
    complete = {name for name in list_names(formats) if load(formats, name).ALL_FIELDS_BY_DEFAULT}
    assert complete == {"tsv", "csv", "json", "jsonl", "toml"}
    endings = [ending for name in list_names(formats) for ending in load(formats, name).EXTENSIONS]
    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") for ending in endings)
