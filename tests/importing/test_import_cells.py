"""Cells, dates, and files of other people's tables: what is read, what is reported, and what is an error."""

from __future__ import annotations

import csv
import json
import os
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask
from autotimeline.errors import DateError
from autotimeline.importing.cell_rules import CellRules
from autotimeline.importing.date_formats import DateReader, join_date_parts
from autotimeline.importing.decode import decode
from autotimeline.quantities.parse import parse_quantity

pytestmark = pytest.mark.usefixtures("cache")
CASES = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[3] / "shared")) / "cases/real"
needs_cases = pytest.mark.skipif(
    not CASES.exists(), reason="the cases of real files are not here (AUTOTIMELINE_SHARED)"
)
TITLE = ("--map", "title=title")
DATED = (*TITLE, "--map", "date=date")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.toml").write_bytes(b"")
    return tmp_path


def messages(*words: object, code: int = 0) -> list[str]:
    """Import, and return the messages."""
    got, out, err = ask("import", *words)
    assert (got, out) == (code, ""), err
    return [line.removeprefix("autotimeline: ") for line in err.splitlines()]


def events(*words: str) -> list[dict]:
    return json.loads(ask("list", *words, "-O", "json")[1])


# ---------------------------------------------------------------- lists and words


@needs_cases
def test_the_real_table_of_several_values(folder):
    table = CASES / "09-several-values-in-a-cell/in.csv"
    messages(table, *DATED, "--map", "tag=tags", "--map", "actor=who", "--split", "tag=,", "--split", "actor=;")
    assert [(event["tags"], [actor["name"] for actor in event["actors"]]) for event in events()] == [
        (["CWE-59", "CWE-436"], ["Acme", "Beta"]),
        (["Rotunda", "buildings"], ["Gamma"]),
    ]


@needs_cases
def test_a_new_name_that_consists_of_known_names_is_reported(folder):
    table = CASES / "09-several-values-in-a-cell/nations.csv"
    mapped = (*DATED, "--map", "actor.involved=nations")
    assert messages(table, *mapped) == [
        'new actor "Canada,  Sweden" consists of known names; if it is several, add --split actor=,',
        "3 new, 0 unchanged; also new: 3 actors",
    ]
    ask("undo")
    assert messages(table, *mapped, "--split", "actor=,") == ["3 new, 0 unchanged; also new: 2 actors"]
    assert ask("count", "--by", "actor", "-O", "tsv")[1].splitlines()[1:] == [
        "canada\tCanada\t2\t2",
        "sweden\tSweden\t2\t2",
    ]


def test_a_cell_is_split_as_in_our_own_table(folder):
    (folder / "in.csv").write_text("title,who,where\nA,Acme; Beta,Turin\\; Italy; Rome\n", "utf-8")
    mapped = (*TITLE, "--map", "actor=who", "--map", "place=where")
    assert messages("in.csv", *mapped) == [
        'in.csv: column "where": split at "; " in 1 cell: "Turin\\; Italy; Rome" (row 1);'
        " keep cells whole with --split place=",
        'in.csv: column "who": split at "; " in 1 cell: "Acme; Beta" (row 1); keep cells whole with --split actor=',
        "1 new, 0 unchanged; also new: 2 actors",
    ]
    (event,) = events()
    assert (event["places"], [actor["id"] for actor in event["actors"]]) == (["Turin; Italy", "Rome"], ["acme", "beta"])
    ask("undo")
    messages("in.csv", *mapped, "--split", "actor=", "--split", "place=|")
    (event,) = events()
    assert (event["places"], [actor["name"] for actor in event["actors"]]) == (["Turin\\; Italy; Rome"], ["Acme; Beta"])


def test_words_are_replaced_and_unused_ones_reported(folder):
    rows = "title,state,who,start,end\nA,DONE,nobody,2020,present\nB,planned,Acme,2021,2022\n"
    (folder / "in.csv").write_text(rows, "utf-8")
    words = ("status.done=happened", "status.doen=happened", "actor.nobody=", "end.present=..")
    columns = ("title=title", "status=state", "actor=who", "date=start", "end=end")
    options = [f"--map={column}" for column in columns]
    assert messages("in.csv", *options, *(f"--value={word}" for word in words)) == [
        'in.csv: column "state": read as "happened" in 1 cell: "DONE" (row 1)',
        'in.csv: column "end": read as ".." in 1 cell: "present" (row 1)',
        'in.csv: column "who": read as "" in 1 cell: "nobody" (row 1)',
        '--value status.doen: no cell has "doen"',
        "2 new, 0 unchanged; also new: 1 actor",
    ]
    assert [(event["title"], event["status"], event["edtf"]) for event in events()] == [
        ("A", "happened", "2020/.."),
        ("B", "planned", "2021/2022"),
    ]


# ---------------------------------------------------------------- no value and numbers


def test_named_texts_are_no_value_and_their_words_stay(folder):
    (folder / "in.csv").write_text("title,date,price,who\nA,to follow,secret,Unknown\nB,2020,5 EUR,secret\n", "utf-8")
    mapped = (*DATED, "--map", "figure.price=price", "--map", "actor=who")
    assert messages("in.csv", *mapped, "--missing", "Secret", "--missing", "to follow") == [
        'in.csv: column "date": no value in 1 cell: "to follow" (row 1)',
        'in.csv: column "price": no value in 1 cell: "secret" (row 1)',
        'in.csv: column "who": no value in 2 cells: "Unknown" (row 1), "secret" (row 2)',
        "2 new, 0 unchanged",
    ]
    first, second = tomllib.loads((folder / "facts.toml").read_text("utf-8"))["event"]
    assert (first["printed"], first["figures"]) == ("to follow", {"price": {"printed": "secret"}})
    assert "date" not in first
    assert second["figures"] == {"price": "5 EUR"}


def test_a_word_at_an_end_may_be_an_open_end(folder):
    (folder / "in.csv").write_text("title,start,end\nA,2020,ongoing\n", "utf-8")
    mapped = (*TITLE, "--map", "date=start", "--map", "end=end")
    assert messages("in.csv", *mapped, code=4)[0].endswith("; for an open end, add --value end.ongoing=..")
    messages("in.csv", *mapped, "--value", "end.ongoing=..")
    assert [event["edtf"] for event in events()] == ["2020/.."]


def test_only_cells_of_dates_are_the_words_of_a_missing_date(folder):
    (folder / "in.csv").write_text("title,kind,date\nA,n/a,\nB,n/a,n.d.\n", "utf-8")
    messages("in.csv", *DATED, "--map", "kind=kind")
    assert [(event["kind"], event["printed"]) for event in events()] == [(None, None), (None, "n.d.")]


def test_a_named_text_changes_nothing_in_an_event_with_a_value(folder):
    (folder / "facts.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\ndate = "2020"\nfigures.p = "5 EUR"\n', "utf-8"
    )
    (folder / "in.csv").write_text("id,title,date,p\na,A,to follow,secret\n", "utf-8")
    mapped = (*DATED, "--map", "id=id", "--map", "figure.p=p", "--missing", "to follow", "--missing", "secret")
    assert messages("in.csv", *mapped, "--update")[-1] == "0 new, 1 unchanged"


@given(st.integers(0, 10**9), st.integers(0, 999), st.sampled_from([".", " ", "’", ""]))
def test_a_decimal_comma_is_that_of_the_number(whole, thousandths, separator):
    grouped = f"{whole:,}".replace(",", separator)
    amount = parse_quantity(CellRules(decimal_comma=True).read_number(f"{grouped},{thousandths:03} EUR"))
    assert amount.low == amount.high == Decimal(f"{whole}.{thousandths:03}")
    assert CellRules(decimal_comma=True).read_number(f"EUR {grouped}") == f"EUR {whole}"


@pytest.mark.parametrize("text", ["1,234.5", "1.23", "1.2345", "1,2,3", "12.34.567"])
def test_other_numbers_do_not_have_a_decimal_comma(text):
    assert CellRules(decimal_comma=True).read_number(text) is None


# ---------------------------------------------------------------- dates


@needs_cases
def test_the_real_table_of_two_year_ranges(folder):
    table = CASES / "01-year-range-read-as-season/in.csv"
    options = (table, *TITLE, "--map", "date=when", "--skip-bad")
    lines = messages(*options, code=1)
    assert [line.count("if these are two years, write ") for line in lines] == [1] * 9 + [0]
    assert not any("hemisphere" in line for line in lines)
    messages(*options, "--date-format", "YYYY-YY")
    assert {event["title"]: event["edtf"] for event in events()}["Post held"] == "1933/1934"


@needs_cases
def test_the_real_tables_of_dates_in_several_columns(folder):
    case = CASES / "08-date-in-several-columns"
    code, _, err = ask("import", case / "in.csv")
    assert (code, "--map date=Year,Month,Day" in err) == (2, True)
    mapped = ("--map", "title=Headline", "--map", "date=Year,Month,Day", "--map", "end=End Year,End Month,End Day")
    messages(case / "in.csv", *mapped, "--empty-end", "none")
    assert [(event["edtf"], event["extent"]) for event in events()] == [
        ("2019-03-07", "within"),
        ("2020-11/2021-02", "throughout"),
        ("2022", "within"),
    ]
    ask("undo")
    messages(case / "fallback.csv", "--map", "title=Topic", "--map", "date=Exact", "--map", "date=Year")
    assert [(event["edtf"], event["printed"]) for event in events()] == [("1825-03-05", "5 March 1825"), ("1826", None)]


@given(
    st.dates(date(1000, 1, 1), date(9998, 12, 31)), st.integers(1, 3), st.booleans(), st.sampled_from(["", "0", "00"])
)
def test_parts_are_the_date_that_they_were(day, count, is_padded, missing):
    parts = [f"{day.year:04}", *(f"{part:02}" if is_padded else str(part) for part in (day.month, day.day))]
    given_parts = [*parts[:count], *[missing] * (3 - count)]
    assert DateReader().read(join_date_parts(given_parts)).edtf == day.isoformat()[: (4, 7, 10)[count - 1]]


@pytest.mark.parametrize("parts", [["", "3", "1"], ["2020", "", "1"], ["20", "3", "1"], ["3", "1", "2020"]])
def test_parts_without_a_year_or_a_month_are_no_date(parts):
    with pytest.raises(DateError):
        join_date_parts(parts)


@given(st.integers(1000, 9800), st.integers(0, 99))
def test_a_two_digit_year_is_in_the_hundred_years(first, offset):
    year = first + offset
    reader = DateReader(["%d.%m.%y"], str(first))
    assert reader.read(f"03.05.{year % 100:02}").edtf == f"{year}-05-03"


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(1, 999), st.sampled_from([" - ", "–", " to ", " / "]))
def test_two_dates_in_a_format_are_a_span(first, days, separator):
    last = first + timedelta(days)
    for format, style in (("%d/%m/%Y", "{0.day}/{0.month}/{0.year}"), ("%Y%m%d", "{0.year:04}{0.month:02}{0.day:02}")):
        text = f"{style.format(first)}{separator}{style.format(last)}"
        assert DateReader(["%d.%m.%Y", format]).read(text).edtf == f"{first}/{last}"


def test_formats_are_tried_in_order():
    texts = ["10/11/2019", "25/12/2019", "12/25/2019", "3 May 2020"]
    read = DateReader(["%d/%m/%Y", "%m/%d/%Y"]).read
    assert [read(text).edtf for text in texts] == ["2019-11-10", "2019-12-25", "2019-12-25", "2020-05-03"]
    assert DateReader(["%m/%d/%Y", "%d/%m/%Y"]).read(texts[0]).edtf == "2019-10-11"


def test_ambiguous_dates_are_skipped_with_the_other_invalid_rows(folder):
    (folder / "in.csv").write_text("title,date\nA,10/11/2019\nB,2020\nC,soon\nD,01/02/2020\n", "utf-8")
    assert messages("in.csv", *DATED, code=2) == [
        'in.csv: column "date": ambiguous dates: "10/11/2019" (row 1), "01/02/2020" (row 4);'
        " add --date-format %d/%m/%Y or --date-format %m/%d/%Y"
    ]
    lines = messages("in.csv", *DATED, "--skip-bad", code=1)
    assert lines[0] == (
        'in.csv:2: row 1, column "date": "10/11/2019" is ambiguous: write 2019-11-10 (10 November) or 2019-10-11 '
        "(11 October), or add --date-format %d/%m/%Y or --date-format %m/%d/%Y"
    )
    assert lines[-1] == "1 new, 0 unchanged, 3 skipped"


def test_the_time_of_day_is_dropped_and_the_order_of_the_file_stays(folder):
    (folder / "in.csv").write_text(
        "title,date\nB,2020-01-01 09:00\nA,2020-01-01 23:30:00+02:00\nC,2020-01-01\n", "utf-8"
    )
    assert messages("in.csv", *DATED)[0] == (
        'in.csv: column "date": time of day dropped in 2 cells: "2020-01-01 09:00" (row 1),'
        ' "2020-01-01 23:30:00+02:00" (row 2)'
    )
    assert [(event["title"], event["edtf"]) for event in events()] == [(title, "2020-01-01") for title in "BAC"]


# ---------------------------------------------------------------- files


@given(st.text(st.characters(codec="cp1252", min_codepoint=0x20), min_size=1))
def test_text_is_decoded_as_it_was_encoded(text):
    for encoding in ("utf-8", "cp1252", "utf-16-le"):
        assert decode(text.encode(encoding), "x.csv", encoding) == (text, "")
    assert decode(text.encode(), "x.csv") == (text, "")
    assert decode(text.encode("utf-16"), "x.csv") == (text, "x.csv: read as UTF-16")


def test_cp1252_is_named_with_a_word_that_has_it():
    text, message = decode("title\nPlant in São Paulo\n".encode("cp1252"), "x.csv")
    assert text == "title\nPlant in São Paulo\n"
    assert message == 'x.csv: read as CP1252 ("São" in line 2); name another encoding with --encoding'


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("in.csv", "title;date\nA, b;2020\n", []),
        ("in.csv", "title\tdate\nA, b\t2020\n", []),
        ("in.csv", "title\tdate\nA, b\t2020\n", ["--delimiter", "tab"]),
        ("in.csv", "title|date\nA, b|2020\n", ["--delimiter", "|"]),
        ("in.csv", "sep=;\r\ntitle;date\r\nA, b;2020\r\n", []),
        ("in.tsv", "title\tdate\nA, b\t2020\n", []),
        ("in.tab", '"title"\t"date"\n"A, b"\t"2020"\n', []),
        ("in.csv", '\n,\n title , date \n" A, b ",2020,,\n ,\n', DATED),
        ("in.csv", 'title,date,,\n"A, b",2020,,\n', []),
    ],
)
def test_a_table_is_read_whatever_its_delimiter(folder, name, text, options):
    (folder / name).write_bytes(text.encode())
    assert messages(name, *options)[-1] == "1 new, 0 unchanged"
    assert [(event["title"], event["date"]) for event in events()] == [("A, b", "2020")]


def test_our_own_tab_separated_output_comes_back(folder):
    title = 'A "quoted"\ttitle\\n\nand a line'
    (folder / "facts.toml").write_text(f'[[event]]\nid = "a"\ndate = 2020\ntitle = {json.dumps(title)}\n', "utf-8")
    (folder / "out.tsv").write_text(ask("list", "-O", "tsv", "--fields", "id,date,title")[1], "utf-8")
    assert messages("out.tsv") == ["0 new, 1 unchanged"]
    (folder / "facts.toml").write_bytes(b"")
    messages("out.tsv")
    assert events()[0]["title"] == title


@pytest.mark.parametrize(
    ("document", "options"),
    [
        ({"results": {"bindings": [{"title": "A"}]}}, []),
        ({"head": {"vars": ["title"]}, "results": {"bindings": [{"title": "A"}]}}, ["--records", "results.bindings"]),
        ({"type": "x", "items": [{"title": "A"}], "more": {"links": [{"a": 1}]}}, []),
        ({"a": {"x": [{"title": "B"}]}, "b": {"y": [{"title": "A"}]}}, ["--records", "b.y"]),
        ({"title": "A", "sources": []}, []),
    ],
)
def test_the_records_of_a_document_are_found(folder, document, options):
    (folder / "in.json").write_text(json.dumps(document), "utf-8")
    assert messages("in.json", *options) == ["1 new, 0 unchanged"]
    assert [event["title"] for event in events()] == ["A"]


def test_a_sheet_of_a_workbook_is_named(folder):
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    with xlsxwriter.Workbook("in.xlsx") as workbook:
        for name in ("One", "Two"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["title", "date", "reported"])
            sheet.write_row(1, 0, [f"In {name}", 2020.0, True])
    assert messages("in.xlsx", code=2) == ['in.xlsx: several sheets: "One", "Two"; name one, as --records \'One\'']
    assert messages("in.xlsx", "--records", "Tow", code=2) == [
        '--records: in.xlsx has no sheet "Tow"; did you mean "Two"?'
    ]
    assert messages("in.xlsx", "--records", "Two") == ["1 new, 0 unchanged"]
    assert [(event["title"], event["date"], event["reported"]) for event in events()] == [("In Two", "2020", True)]


def test_what_a_workbook_displays_and_its_values_lack_is_reported(folder):
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    with xlsxwriter.Workbook("in.xlsx") as workbook:
        percent, euro, month, day = (
            workbook.add_format({"num_format": code}) for code in ("0%", "#,##0 [$€-407]", "mmm yyyy", "dd.mm.yyyy")
        )
        sheet = workbook.add_worksheet("Deals")
        sheet.merge_range("A1:C1", "Deals of the year")
        sheet.write_row("A2", ["title", "date", "share", "price"])
        for row, title in ((3, "A"), (4, "B")):
            sheet.write(f"A{row}", title)
            sheet.write_number(f"C{row}", 0.25, percent)
        sheet.write_number("B3", 43_831, month)
        sheet.write_number("B4", 43_831, day)
        sheet.write_number("D3", 5, euro)
        sheet.write_formula("D4", "=1/0", None, "#DIV/0!")
    assert messages("in.xlsx", "--map", "title=title", "--map", "date=date", "--map", "figure.share=share") == [
        'in.xlsx: "Deals of the year" above line 2 is read as a title, and that line as the header',
        "in.xlsx: the number formats of cells are not read: B3 (mmm yyyy), C3 (0%), D3 (#,##0 [$€-407]), C4 (0%);"
        " check these cells",
        "in.xlsx: cells with errors are read as empty: D4 (#DIV/0!); correct or check them",
        "in.xlsx: merged cells are empty after the first: row 1 to 1; fill them in, or check these rows",
        'in.xlsx: unused columns: "price"',
        "2 new, 0 unchanged",
    ]


def test_a_title_above_the_header_is_reported(folder):
    (folder / "in.csv").write_text("Deals of 2019\n\ntitle,date\nA,2019\n", "utf-8")
    assert messages("in.csv") == [
        'in.csv: "Deals of 2019" above line 3 is read as a title, and that line as the header',
        "1 new, 0 unchanged",
    ]
    assert [event["title"] for event in events()] == ["A"]


@needs_cases
def test_many_equal_errors_are_one_message_on_a_terminal(folder):
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import load_files
    from autotimeline.importing.records import format_problems

    data = (CASES / "15-many-times-the-same-error/in.csv").read_bytes().replace(b"Undisclosed amount", b"a lot")
    options = ImportOptions({"map": ["title=title", "date=date", "figure.price=price"]})
    lines = format_problems(load_files([("in.csv", data, None)], options).problems, grouped=True)
    assert lines[0].startswith('in.csv: 300 rows, column "price": "a lot": missing number; ')
    assert lines[0].endswith("(rows 1, 2, 3 and 297 more)")


# ---------------------------------------------------------------- twice

DATES = ["2020", "2020-05-03", "3 May 2020", "10/11/2019", "1/2/2019 - 3/2/2019", "n.d.", "later", "", " ", "c. 1850"]
DATES += ["2020-05-03T10:00:00Z", "2019-20", "soon", "first half of 2021"]
AMOUNTS = ["5 EUR", "1.234,5 EUR", "$2.45B", "undisclosed", "secret", "", "about 3 people", "many", "1,5", "<10%"]
NAMES = ["Acme", "Beta, Acme", "Acme; Beta", "—", "", "N/A", "nobody", "Société X", "acme"]
CELLS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["A", "B", "Ç d'Or", "", "=A1"]),
        "date": st.sampled_from(DATES),
        "end": st.sampled_from([*DATES, ".."]),
        "price": st.sampled_from(AMOUNTS),
        "who": st.sampled_from(NAMES),
        "state": st.sampled_from(["Happened", "done", "planned", "", "?"]),
    }
)
OPTION_POOL = [
    ["--date-format", "%d/%m/%Y"],
    ["--date-format", "YYYY-YY"],
    ["--decimal-comma"],
    ["--missing", "later", "--missing", "secret"],
    ["--split", "actor=,"],
    ["--split", "actor="],
    ["--value", "status.done=happened"],
    ["--value", "actor.nobody="],
    ["--map", "end=end", "--empty-end", "open"],
    ["--map", "end=end", "--empty-end", "none"],
    ["--map", "end=end"],
    ["--map", "date=end"],
    ["--kind", "deal"],
]


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(
    st.lists(CELLS, min_size=1, max_size=5),
    st.lists(st.sampled_from(OPTION_POOL), unique_by=lambda words: tuple(words[:2]), max_size=6),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_what_is_imported_twice_changes_nothing_the_second_time(folder, rows, chosen, encoding):
    with (folder / "in.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    store = folder / "facts.toml"
    store.write_bytes(b"")
    mapped = (*DATED, "--map", "figure.price=price", "--map", "actor=who", "--map", "status=state")
    words = ["in.csv", *mapped, *(word for words in chosen for word in words), "--skip-bad"]
    code, _, err = ask("import", *words)
    assert code in (0, 1), err
    once = store.read_text("utf-8")
    assert code == 1 or " skipped" not in err
    again, _, err_again = ask("import", *words)
    assert (again, store.read_text("utf-8")) == (code, once)
    assert err_again.splitlines()[-1].startswith("autotimeline: 0 new, ")
    assert " updated" not in err_again
    # Without --skip-bad, one invalid row keeps all others out.
    store.write_bytes(b"")
    strict, _, _ = ask("import", *words[:-1])
    assert (strict, store.read_text("utf-8")) == ((0, once) if code == 0 else (4, "")) or strict == 2
    imported = tomllib.loads(once).get("event", [])
    assert ask("check", "-O", "json")[1].count('"level": "error"') == 0
    assert len(imported) <= len(rows)


# ---------------------------------------------------------------- reported

REPORTS = [
    (
        "when,exact,what\n2019,2020-01-05,A\n",
        ["--map", "date=exact", "--map", "date=when"],
        ['in.csv: column "exact": not the date of column "when" in 1 cell: "2020-01-05, 2019" (row 1)'],
        {"date": "2020-01-05"},
    ),
    (
        "when,what\n5/6/2019,A\n",
        ["--map", "date=when", "--date-format", "%m/%d/%Y", "--date-format", "%d/%m/%Y"],
        ['in.csv: column "when": read with the first date format that fits in 1 cell: "5/6/2019" (row 1)'],
        {"date": "2019-05-06"},
    ),
    (
        "when,what\n5/5/2019,A\n",
        ["--map", "date=when", "--date-format", "%m/%d/%Y", "--date-format", "%d/%m/%Y"],
        [],
        {"date": "2019-05-05"},
    ),
    (
        "when,what\n2020-01-05 23:59:59+00,A\n",
        ["--map", "date=when"],
        ['in.csv: column "when": time of day dropped in 1 cell: "2020-01-05 23:59:59+00" (row 1)'],
        {"date": "2020-01-05"},
    ),
    ("y,m,d,what\n2019,Mar,8,A\n", ["--map", "date=y,m,d"], [], {"date": "2019-03-08", "printed": "2019 Mar 8"}),
    (
        "when,what\nlast spring,A\n",
        ["--map", "date=when", "--value", "date.last spring=spring 2019"],
        ['in.csv: column "when": read as "spring 2019" in 1 cell: "last spring" (row 1)'],
        {"date": "2019 spring", "printed": "last spring"},
    ),
    (
        "what,price\nA,a few\n",
        ["--map", "figure.p=price", "--value", "figure.a few=~3 people"],
        ['in.csv: column "price": read as "~3 people" in 1 cell: "a few" (row 1)'],
        {"figures": {"p": {"value": "~3 people", "printed": "a few"}}},
    ),
    (
        "what,Rev €m\nA,12\n",
        ["--map", "figure.rev=Rev €m"],
        [
            'in.csv: column "Rev €m": no unit in 1 cell: "12" (row 1);'
            " its column may name it: add --default-unit rev=UNIT"
        ],
        {"figures": {"rev": "12"}},
    ),
    (
        "what,Rev €m,size\nA,12,5 GWh\n",
        [
            *[
                "--map",
                "figure.rev=Rev €m",
                "--map",
                "figure.size=size",
                "--default-unit",
                "rev=m EUR",
                "--default-unit",
                "size=MWh",
            ]
        ],
        [],
        {"figures": {"rev": {"value": "12m EUR", "printed": "12"}, "size": "5 GWh"}},
    ),
    (
        "when,what,price\n2021[1],A[3],5 EUR [note 2]\n",
        ["--map", "date=when", "--map", "figure.p=price"],
        [
            'in.csv: column "what": footnote mark dropped in 1 cell: "A[3]" (row 1)',
            'in.csv: column "when": footnote mark dropped in 1 cell: "2021[1]" (row 1)',
            'in.csv: column "price": footnote mark dropped in 1 cell: "5 EUR [note 2]" (row 1)',
        ],
        {"title": "A", "date": "2021", "figures": {"p": {"value": "5 EUR", "printed": "5 EUR [note 2]"}}},
    ),
    (
        'what,price\nA,"2,500"\n',
        ["--map", "figure.p=price", "--decimal-comma"],
        [],
        {"figures": {"p": {"value": "2.5", "printed": "2,500"}}},
    ),
    (
        'what,price\nA,"1,234"\n',
        ["--map", "figure.p=price", "--decimal-comma"],
        [],
        {"figures": {"p": {"value": "1.2340", "printed": "1,234"}}},
    ),
]


@pytest.mark.parametrize(("text", "options", "reports", "expected"), REPORTS)
def test_a_cell_that_is_not_read_as_it_is_has_a_report_or_printed_words(folder, text, options, reports, expected):
    (folder / "in.csv").write_text(text, "utf-8")
    assert messages("in.csv", "--map", "title=what", *options) == [*reports, "1 new, 0 unchanged"]
    event = tomllib.loads((folder / "facts.toml").read_text("utf-8"))["event"][-1]
    assert {key: value for key, value in event.items() if key in expected} == expected


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("p", "--default-unit p: not METRIC=UNIT; write, for example, revenue='m EUR'"),
        ("q=EUR", "--default-unit q=EUR: no column is mapped to figure.q; add --map figure.q=COLUMN"),
        (
            "p=big money",
            '--default-unit p=big money: "1big money": "big money" is more than one word; a unit is one word, such as',
        ),
    ],
)
def test_a_wrong_unit_is_refused(folder, word, message):
    (folder / "in.csv").write_text("what,price\nA,5\n", "utf-8")
    [line] = messages("in.csv", "--map", "title=what", "--map", "figure.p=price", "--default-unit", word, code=2)
    assert line.startswith(message)


def test_a_text_with_the_character_zero_is_a_text(folder):
    (folder / "in.csv").write_text("title,date\nA\0B,2019\n", "utf-8")
    messages("in.csv")
    assert [event["title"] for event in events()] == ["A\0B"]


def test_quotes_of_tab_separated_text_that_do_not_pair_up_are_text(folder):
    (folder / "in.tsv").write_text('Name\tWhen\n"Big" deal\t2020\n"quoted\t2021\n', "utf-8")
    assert messages("in.tsv", "--map", "title=Name", "--map", "date=When") == [
        "in.tsv: quotes do not pair up, and are read as text",
        "2 new, 0 unchanged",
    ]
    assert [event["title"] for event in events()] == ['"Big" deal', '"quoted']


def test_a_new_actor_that_is_spelled_like_another_is_reported(folder):
    (folder / "in.csv").write_text("what,who\nA,acme inc\nB,ACME  INC.\nC,Acme Inc\n", "utf-8")
    assert messages("in.csv", "--map", "title=what", "--map", "actor=who") == [
        'new actor "ACME  INC." is spelled like "acme inc"; if they are one, write autotimeline merge actor:acme-inc'
        " actor:acme-inc-2",
        "3 new, 0 unchanged; also new: 2 actors",
    ]
