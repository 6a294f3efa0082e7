"""`export -O xlsx`: the cells of a workbook, what they may not contain, and what LibreOffice makes of them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import workbook

from asking import ask
from program import STORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
TODAY = ("--today", "2025-11-22")
HOSTILE = {
    **{text: text for text in ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "'=1", "{=1}", "12", "2024-01-01", "_x0041_")},
    **{text: text for text in ("http://example.org", "internal:A1", "&lt;<b>", "two\nlines\ttab", " a ", "#REF!")},
    "bell\x07": r"bell\x07",
    "turn\u202e": r"turn\u202e",
    "last\uffff": "last\uffff",
    "<r><t>x</t></r>": r"\x3cr><t>x</t></r>",
    "a\r\nb": "a\nb",
    "😀" * 16_383: "😀" * 16_383,
    "😀" * 16_384: "😀" * 16_383 + "…",
    "y" * 32_767: "y" * 32_767,
    "y" * 32_768: "y" * 32_766 + "…",
}


def export(store: Path, path: Path, *arguments: str) -> tuple[str, dict[str, list[list[Any]]]]:
    """Return the notes, and the sheets as lists of rows."""
    code, out, err = ask("-f", store, "export", *arguments, *TODAY, "--force", "-o", path)
    assert (code, out) == (0, "")
    return err, workbook.read_sheets(path)


def records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def write_store(tmp_path: Path, *blocks: str) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text("\n".join(blocks), "utf-8")
    return path


def test_the_sheets_have_the_rows_of_the_program(tmp_path):
    notes, sheets = export(STORY, tmp_path / "story.xlsx")
    assert notes == ""
    assert list(sheets) == ["Events", "Figures", "Sources", "Actors", "Snapshot"]
    for sheet, command in (("Events", "list"), ("Figures", "figures")):
        _, out, _ = ask("-f", STORY, command, *TODAY, "-O", "csv", "--raw")
        expected = [
            {name: cell for name, cell in record.items() if name not in ("file", "line")}
            for record in csv.DictReader(out.splitlines())
        ]
        assert [{name: as_text(cell) for name, cell in row.items()} for row in records(sheets[sheet])] == expected
    _, out, _ = ask("-f", STORY, "export", *TODAY, "-O", "json", "-o", "-")
    store = json.loads(out)
    for sheet, kind in (("Sources", "source"), ("Actors", "actor")):
        rows = {row.pop("id"): row for row in records(sheets[sheet])}
        texts = {
            id: {key: "; ".join(value) if isinstance(value, list) else value for key, value in entry.items()}
            for id, entry in store[kind].items()
        }
        assert {id: {key: cell for key, cell in row.items() if cell} for id, row in rows.items()} == texts
    header = records(sheets["Snapshot"])[0]
    assert (header["title"], header["today"], header["events"]) == ("Stellantis and China", date(2025, 11, 22), 34)
    assert header["sha256"] == store["snapshot"]["sha256"]


def as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def test_only_a_known_day_is_a_date(tmp_path):
    dates = ["2023-10-26", "2023-10", "~2023-10-26", "2023-10-26?", "by 2026-12-31", "2023-10-24/2023-10-26", "2023"]
    edges = ["1900-02-28", "1900-03-01", "9999-12-31"]
    blocks = [f'[[event]]\nid = "e{n}"\ndate = "{day}"\ntitle = "T"\n' for n, day in enumerate(dates + edges)]
    _, sheets = export(write_store(tmp_path, *blocks, '[[event]]\nid = "none"\ntitle = "T"\n'), tmp_path / "a.xlsx")
    rows = {row["id"]: row for row in records(sheets["Events"])}
    shown = [rows[f"e{n}"]["date"] for n in range(len(dates + edges))]
    assert shown[0] == date(2023, 10, 26)
    assert all(isinstance(text, str) for text in shown[1:7])
    assert shown[7:] == ["1900-02-28", date(1900, 3, 1), date(9999, 12, 31)]
    assert (rows["e1"]["earliest"], rows["e1"]["latest"]) == (date(2023, 10, 1), date(2023, 10, 31))
    assert (rows["e4"]["earliest"], rows["e4"]["latest"]) == (None, date(2026, 12, 31))
    assert (rows["none"]["date"], rows["none"]["earliest"]) == (None, None)


def test_numbers_are_exact(tmp_path):
    values = ["0.1", "123456789012345", "999999999999999", "0.999999999999989", "0", "-3", "1" + "0" * 39]
    figures = "".join(f'figures.m{n} = "{value} EUR"\n' for n, value in enumerate(values))
    words = 'figures.words = { printed = "many" }'
    _, sheets = export(
        write_store(tmp_path, f'[[event]]\nid = "e"\ntitle = "T"\n{words}\n{figures}'), tmp_path / "a.xlsx"
    )
    lows = {row["metric"]: row["low"] for row in records(sheets["Figures"])}
    assert [float(lows[f"m{n}"]) for n in range(len(values))] == list(map(float, values))
    assert lows["words"] is None


def test_text_is_never_a_formula_nor_markup_and_fits(tmp_path):
    blocks = [
        f'[[event]]\nid = "e{n}"\ntitle = "T"\nnote = {json.dumps(text, ensure_ascii=False)}\n'
        for n, text in enumerate(HOSTILE)
    ]
    path = tmp_path / "a.xlsx"
    notes, sheets = export(write_store(tmp_path, *blocks), path)
    assert notes == "autotimeline: 2 cells cut to 32,767 characters\n"
    assert {row["id"]: row["note"] for row in records(sheets["Events"])} == {
        f"e{n}": text for n, text in enumerate(HOSTILE.values())
    }
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]


def test_only_addresses_of_the_web_are_links(tmp_path):
    links = ["https://example.org/a?b=c&d#e", "http://example.org/" + "x" * 2_060]
    texts = ["javascript:alert(1)", "file:///etc/passwd", "internal:Events!A1", "https://example.org/a b", r"\\host\x"]
    texts += ["http://example.org/" + "x" * 2_061, "=HYPERLINK(1)", 'https://example.org/"><x']
    blocks = [f'[source.s{n}]\ntitle = "S"\nurl = {json.dumps(url)}\n' for n, url in enumerate(links + texts)]
    _, sheets = export(write_store(tmp_path, *blocks), tmp_path / "a.xlsx")
    assert [row["url"] for row in records(sheets["Sources"])] == links + texts
    assert workbook.read_links(tmp_path / "a.xlsx", 3) == links


def test_more_links_than_a_sheet_can_have_are_text(tmp_path, monkeypatch):
    monkeypatch.setattr("autotimeline.exports.xlsx._MAX_LINKS", 1)
    blocks = [f'[source.s{n}]\ntitle = "S"\nurl = "https://example.org/{n}"\n' for n in range(2)]
    export(write_store(tmp_path, *blocks), tmp_path / "a.xlsx")
    assert workbook.read_links(tmp_path / "a.xlsx", 3) == ["https://example.org/0"]


def test_more_rows_than_a_sheet_can_have_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autotimeline.exports.xlsx._MAX_ROWS", 3)
    blocks = [f'[[event]]\nid = "e{n}"\ntitle = "T"\n' for n in range(3)]
    store, path = write_store(tmp_path, *blocks), tmp_path / "a.xlsx"
    code, _, err = ask("-f", store, "export", "-o", path)
    what = "Events: more than 2 rows, the limit of a workbook; add a query, or choose another format, such as -O sqlite"
    assert (code, err) == (4, f"autotimeline: {what}\n")
    assert not path.exists()
    assert len(export(store, path, "-n", "2")[1]["Events"]) == 3


def test_the_header_is_frozen_and_filters(tmp_path):
    export(STORY, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        properties = parts.read("docProps/core.xml").decode()
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:U35"/>' in sheet
    widths = [float(width) for width in re.findall(' width="([0-9.]+)"', sheet)]
    assert 8 <= min(widths) < 12
    assert 60 <= max(widths) < 61
    assert "2000-01-01T00:00:00Z" in properties


def test_without_the_package_one_line_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    code, out, err = ask("-f", STORY, "export", "-o", tmp_path / "a.xlsx")
    told = "a workbook is written with the package XlsxWriter; install it: pip install 'autotimeline[xlsx]'"
    assert (code, out, err) == (4, "", f"autotimeline: {told}\n")
    assert not (tmp_path / "a.xlsx").exists()


def test_libreoffice_shows_the_same_cells(tmp_path):
    office = shutil.which("soffice") or shutil.which("localc")
    if not office:
        pytest.skip("LibreOffice is not installed")
    blocks = [
        f'[[event]]\nid = "e{n}"\ntitle = "T"\nnote = {json.dumps(text, ensure_ascii=False)}\n'
        for n, text in enumerate(HOSTILE)
    ]
    books = {"story": STORY, "hostile": write_store(tmp_path, *blocks)}
    sheets = {name: export(store, tmp_path / f"{name}.xlsx")[1] for name, store in books.items()}
    # UTF-8 with commas and double quotes; -1: a file for each sheet.
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.xlsx") for name in books]
    command = [office, "--headless", profile, "--convert-to", as_csv, "--outdir", str(tmp_path / "converted"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for name in books:
        for sheet, expected in sheets[name].items():
            with (tmp_path / "converted" / f"{name}-{sheet}.csv").open(encoding="utf-8", newline="") as file:
                found = list(csv.reader(file, strict=True))
            texts = [[as_text(cell) for cell in row] for row in expected]
            assert [[{"TRUE": "true", "FALSE": "false"}.get(cell, cell) for cell in row] for row in found] == texts
