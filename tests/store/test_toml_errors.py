"""Careless edits: the five most common mistakes get a message with a remedy, at the position of the mistake."""

import re

import pytest

from asking import ask

EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'


def told(tmp_path, text: str) -> tuple[int, str]:
    (tmp_path / "facts.toml").write_text(text, encoding="utf-8")
    code, _, err = ask("-f", tmp_path / "facts.toml", "list", "-O", "plain", "--no-cache")
    return code, err.replace(f"{tmp_path}/", "").rstrip("\n")


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        # what stands behind the three lines of the event, and what is said of it
        ("date = 10/11/2025", 4,
         'missing quotes, and "10/11/2025" is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 '
         "October) (column 10)"),
        ("date = 2025-3-5", 4,
         'missing quotes, and "2025-3-5" is not in ISO 8601 format: write 2025-03-05 (column 12)'),
        ("date = 25.3.2025", 4,
         'missing quotes, and "25.3.2025" is not in the order of ISO 8601: write 2025-03-25 (25 March) (column 12)'),
        ("date = 03/2025", 4, 'missing quotes, and "03/2025" is not in ISO 8601 format: write 2025-03 (column 9)'),
        ("date = 2023-10", 4, 'missing quotes; write "2023-10" (column 12)'),
        ("date = 2025Q3", 4, 'missing quotes; write "2025Q3" (column 12)'),
        ("date = 2025-10-8", 4,
         'missing quotes, and "2025-10-8" is not in ISO 8601 format: write 2025-10-08 (column 12)'),
        ("date = 2025-10-08~", 4, 'missing quotes; write "2025-10-08~" (column 18)'),
        ("date=2025-10-08/2025-11-01", 4, 'missing quotes; write "2025-10-08/2025-11-01" (column 16)'),
        ("date = 2011~", 4, 'missing quotes; write "2011~" (column 12)'),
        ("date = 202X", 4, 'missing quotes; write "202X" (column 11)'),
        ("date = 25 March 2025", 4, 'missing quotes; write "25 March 2025" (column 11)'),
        ("date = Q3 2025", 4, 'missing quotes; write "Q3 2025" (column 8)'),
        ("date = [..2026]", 4, 'missing quotes; write "[..2026]" (column 9)'),
        ("date = ../2025-01", 4, 'missing quotes; write "../2025-01" (column 8)'),
        ("date = [2023-10,2023-12]", 4, 'missing quotes; write "[2023-10,2023-12]" (column 13)'),
        ("date = 2025-13-01", 4, 'missing quotes, and "2025-13-01" has no month 13: write 01 to 12 (column 12)'),
        ("date = 2023–10", 4, 'missing quotes; write "2023-10" (column 12)'),
        ('date = "2023–10"', 4, 'date: "2023–10" has a dash instead of a hyphen: write 2023-10'),
        ("date = 2023‑10", 4, 'missing quotes; write "2023-10" (column 12)'),
        ("date = 03", 4,
         'missing quotes, and "03" is not a year of four digits: write 0003, or with its century, as 1903 (column 9)'),
        ("reported = True", 4, "true and false are lower case; write true (column 12)"),
        ("reported = yes", 4, 'missing quotes; write "yes" (column 12)'),
        ('note = Leapmotor"', 4, 'missing quotes; write "Leapmotor" (column 8)'),
        ('note = "Leapmotor', 4, 'unclosed text; end it with " (column 8)'),
        ("note = Leapmotor", 4, 'missing quotes; write "Leapmotor" (column 8)'),
        ("note = 'Leapmotor", 4, "unclosed text; end it with ' (column 8)"),
        ("note = “Leapmotor”", 4, 'unexpected typographic quote “ (U+201C); write " (column 8)'),
        ('note = "Leapmotor" # ok\nkind = "x', 5, 'unclosed text; end it with " (column 8)'),
        ('figures.x = "5 bln EUR"', 4,
         'figures.x: "5 bln EUR": "bln" is not a supported scale; write k, m, bn or tn before EUR'),
        ("figures.x = 5 bn EUR", 4, 'missing quotes; write "5 bn EUR" (column 15)'),
        ('figures.x = "1.5 bln EUR"', 4,
         'figures.x: "1.5 bln EUR": "bln" is not a supported scale; write k, m, bn or tn before EUR'),
        ("figures.x = ~20%", 4, 'missing quotes; write "~20%" (column 13)'),
        ("figures.x = 20%", 4, 'missing quotes; write "20%" (column 15)'),
        ("kind: deal", 4, "invalid TOML: expected '=' after a key in a key/value pair (column 5)"),
        ("kind = ", 4, "missing value; write one, or remove the line (column 8)"),
        ("kind = deal", 4, 'missing quotes; write "deal" (column 8)'),
        ('\xa0kind = "x"', 4, "unexpected special space (U+00A0); write a plain space (column 1)"),
        ('kind =\xa0"x"', 4, "unexpected special space (U+00A0); write a plain space (column 7)"),
        ('kind = "x"\u200b', 4, "unexpected invisible character (U+200B); remove it (column 11)"),
        ('\u200bkind = "x"', 4, "unexpected invisible character (U+200B); remove it (column 1)"),
        ('\ufeffkind = "x"', 4, "unexpected invisible character (U+FEFF); remove it (column 1)"),
        ('kind‑x = "y"', 4, "unexpected dash ‑ (U+2011); write - (column 5)"),
        ('<<<<<<< HEAD\nkind = "a"\n=======\nkind = "b"\n>>>>>>> other', 4,
         "merge conflict; keep one side, or two new events with [[event]] above each, and remove the lines"
         " <<<<<<<, =======, and >>>>>>> (column 1)"),
        ('kind = "a"\nkind = "b"', 5,
         'duplicate key "kind"; remove one, or start the next event with [[event]] (column 11)'),
        ('actors.buyer = "a"\nactors.buyer = "b"', 5,
         'duplicate key "actors.buyer"; remove one, or start the next event with [[event]] (column 19)'),
        ('figures = ["1"]\nfigures.x = "1"', 5,
         'duplicate key "figures.x"; remove one, or start the next event with [[event]] (column 16)'),
        ('figures.x = "1"\nfigures = ["1"]', 5,
         'duplicate key "figures"; remove one, or start the next event with [[event]] (column 16)'),
        ('figures = { x = "1" }\nfigures.y = "2"', 5,
         'duplicate key "figures.y"; remove one, or start the next event with [[event]] (column 16)'),
        ('[event.figures]\nx = "1"\n[event.figures]\ny = "2"', 6,
         "duplicate table [event.figures]; merge the two, or start the next event with [[event]] (column 15)"),
        ('\nid = "f"\ntitle = "F"', 5,
         'duplicate key "id"; remove one, or start the next event with [[event]] (column 9)'),
        ('title = "x', 4, 'unclosed text; end it with " (column 9)'),
        ("date = {a=1}", 4, 'date: a table is not a date: write one in quotes, as "2025-03"'),
        ("date = true", 4, 'date: true or false is not a date: write one in quotes, as "2025-03"'),
        ("date = 1.5", 4, 'date: a number is not a date: write one in quotes, as "2025-03"'),
        ("date = []", 4, 'date: a list is not a date: write one in quotes, as "2025-03"'),
        ('date = "2025-3-5"', 4, 'date: "2025-3-5" is not in ISO 8601 format: write 2025-03-05'),
        ("date = 2025-10-08 10:00", 4,
         'missing quotes, and "2025-10-08 10:00" has a time of day: write only the day, 2025-10-08 (column 19)'),
        ('note = "C:\\users"', 4, "invalid TOML: invalid hex value (column 13)"),
        ('note = """x', 4, 'unclosed text; end it with """ (column 8)'),
        ("note = '''x\ny", 4, "unclosed text; end it with ''' (column 8)"),
        ('tags = ["a, b"]', 4, 'tags: comma in a tag; write ["a", "b"]'),
        ('tags = "ev, market"', 4, 'tags: comma in a tag; write ["ev", "market"]'),
        ('tags = "ev, market', 4, 'unclosed text; end it with " (column 8)'),
        ('tags = ["ev", "b"', 4, "unclosed list; end it with ] (column 8)"),
        ('tags = ["ev", b]', 4, 'missing quotes; write "b" (column 15)'),
        ('actors = "Xin Tianshu"', 4,
         'actors: "Xin Tianshu" is not an id; use a-z, 0-9, and single hyphens, like "xin-tianshu"'),
        ('actors = ["Leapmotor"]', 4,
         'actors: "Leapmotor" is not an id; use a-z, 0-9, and single hyphens, like "leapmotor"'),
        ('note = "x" y', 4, "invalid TOML: expected newline or end of document after a statement (column 12)"),
        ('figures.stake = { value = "1",\n of = "e" }', 4,
         "invalid TOML: invalid initial character for a key part (column 31)"),
        ("figures.x = -5 %", 4, 'missing quotes; write "-5 %" (column 16)'),
        ("figures.x = 1,500", 4, 'missing quotes; write "1,500" (column 14)'),
        ("figures.x = 1.500", 4, 'figures.x: "1.500": "1.500" can be read as 1.5 or as 1,500; write it that way'),
        ("figures.x = €5", 4, 'missing quotes; write "€5" (column 13)'),
        ("sources = [turn-2025]", 4, 'missing quotes; write "turn-2025" (column 12)'),
        ('sources = [\n  "a",\n  turn-2025,\n]', 6, 'missing quotes; write "turn-2025" (column 3)'),
        ("links = { leads-to = [leapmotor] }", 4, 'missing quotes; write "leapmotor" (column 23)'),
        ("date = 2025-03-25 (announced)", 4,
         'missing quotes, and "2025-03-25 (announced)" is not a date: write 2025-03-25, 2025-03, 2025Q1, 2025H1, '
         "2025 or a span of them, as 2025-01/2025-06 (column 19)"),
        ('date = "2025-03-25', 4, 'unclosed text; end it with " (column 8)'),
        ('date = 2025-03-25"', 4, 'missing quotes; write "2025-03-25" (column 18)'),
        ("note = null", 4, 'missing quotes; write "null" (column 8)'),
        ("note = None", 4, 'missing quotes; write "None" (column 8)'),
        ('kind = "a" # b\ndate = 2025-10 # c', 5, 'missing quotes; write "2025-10" (column 12)'),
        ('\ufeff[[event]]\nid = "e"\ntitle = "E"', 4, "unexpected invisible character (U+FEFF); remove it (column 1)"),
        ('tags = ["ev"， "x"]', 4, "unexpected wide comma ， (U+FF0C); write , (column 13)"),
        ("note = 'abc\n\n[source.s]\ntitle = 'x'", 4, "unclosed text; end it with ' (column 8)"),
        ('note = "Leapmotor”', 4, 'unclosed text; end it with ", not ” (column 8)'),
        ('tags = [\n "a"\nkind = "x"', 4, "unclosed list; end it with ] (column 8)"),
        ('date = "2023–24"', 4,
         'date: "2023–24" has a year of two digits: if these are two years, write 2023/2024'),
    ],
)  # fmt: skip
def test_what_is_said_of_a_line_of_an_event(lines, line, said, tmp_path):
    assert told(tmp_path, EVENT + lines + "\n") == (3, f'facts.toml:{line}: event "e": {said}')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[event]\nid = "a"\ntitle = "b"',
         '1: event "a": each event needs a header with double brackets; write [[event]]'),
        ('[[actor]]\nid = "x"\nname="y"',
         '1: "actor" must be a table; write [actor.ID], with a different id for each'),
        ('[[actor.x]]\nname="y"', '1: actor "x": must be one table; write [actor.x]'),
        ('[[events]]\nid = "a"\ntitle = "b"\n[[events]]\nid = "b"',
         '1: event "a": unknown table or key "events"; did you mean [[event]]?\n4: event "b": unknown table or '
         'key "events"; did you mean [[event]]?'),
        ('[[evnt]]\nid = "q"', '1: event "q": unknown table or key "evnt"; did you mean [[event]]?'),
        ('[[event]\nid="a"',
         '1: event "a": invalid TOML: expected \']]\' at the end of an array declaration (column 8)'),
        ('[Event]\nid="a"', '1: event "a": unknown table or key "Event"; did you mean [[event]]?'),
        ('[actor.Leapmotor]\nname = "x"',
         '1: actor "Leapmotor": invalid id; use a-z, 0-9, and single hyphens, like "leapmotor"'),
        ('[actor."Xin T"]\nname = "x"', '1: actor "Xin T": invalid id; use a-z, 0-9, and single hyphens, like "xin-t"'),
        ('[actor]\nname = "x"', '2: key "name" without a header; write [actor.ID] above it, with a new id'),
        ('[actors.x]\nname="x"', '1: unknown table or key "actors"; did you mean "actor"?'),
        ('[actor.x]\nname="X"\nname="Y"',
         '3: duplicate key "name"; remove one, or start the next actor with [actor.ID] (column 9)'),
        ("[alias]\njv = kind:joint", '2: missing quotes; write "kind:joint" (column 6)'),
        ('[store]\nformat = "1"', "2: store: format: must be 1; write format = 1"),
        ('id = "x"\ntitle = "y"',
         '1: key "id" without a header; write one above it, such as [[event]]\n2: key "title" without a header; '
         "write one above it, such as [[event]]"),
        ('[[event]] # x\nid = "q"\n\xa0\ntitle = "X"\n',
         '3: event "q": unexpected special space (U+00A0); write a plain space (column 1)'),
        ('[[event]]\nid = "e"\ntitle = "E"\n[event]\nid = "f"\ntitle="F\n',
         "4: duplicate table [event]; merge the two, or start the next event with [[event]] (column 7)"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_header(text, said, tmp_path):
    assert told(tmp_path, text) == (3, "\n".join(f"facts.toml:{one}" for one in said.split("\n")))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date", "2023-10"), ("date", "2025Q3"), ("date", "2011~ # about"), ("date", "202X"), ("date", "[..2026]"),
        ("date", "[2023-10,2023-12]"), ("date", "../2025-01"), ("date", "25 Mar 2025"), ("date", "2023\u201310"),
        ("date", '2025-03-25"'), ("date", "2025-10-08/2025-11-01"), ("known", "Oct 2023"), ("reported", "True"),
        ("title", 'Leapmotor"'), ("note", "Xin's \"best\" year"), ("note", "C:\\users is 'it'"),
        ("note", 'a "b" c'), ("figures.x", "~20%"), ("figures.x", "5 bn EUR"), ("figures.x", "\u20ac5"),
        ("note", "\u96f6\u8dd1"), ("tags", "ev"),
    ],
)  # fmt: skip
def test_what_is_to_be_written_is_accepted(key, value, tmp_path):
    event = EVENT if key != "title" else EVENT.replace('title = "E"\n', "")
    code, said = told(tmp_path, f"{event}{key} = {value}\n")
    remedy = re.search(r"write (.*) \(column \d+\)$", said)
    assert code == 3
    assert remedy, said
    assert told(tmp_path, f"{event}{key} = {remedy[1]}\n") == (0, "")


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("10/11/2025", "2025-11-10"), ("2025-3-5", "2025-03-05"), ("25.3.2025", "2025-03-25"), ("03/2025", "2025-03"),
        ("2025-10-8", "2025-10-08"), ("2025\u201303", "2025-03"),
        ("2025\u201303/2025\u201306", "2025-03/2025-06"),
    ],
)  # fmt: skip
def test_the_remedy_of_a_date_in_quotes_or_without_is_a_date(value, remedy, tmp_path):
    for written in (value, f'"{value}"'):
        code, said = told(tmp_path, f"{EVENT}date = {written}\n")
        assert (code, remedy in said) == (3, True)
    assert told(tmp_path, f'{EVENT}date = "{remedy}"\n') == (0, "")
