"""Reads a workbook with the XML parser of Python: sheets of cells as values, and what else it contains."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# In Excel, 1900-03-01 is day 61 of its calendar, which has a day too many before it.
DAY_ZERO = date(1899, 12, 30)


def read_sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet; a cell is a text, a number, a boolean, a date, or None."""
    with zipfile.ZipFile(path) as parts:
        book = _parse(parts.read("xl/workbook.xml"))
        styles = _parse(parts.read("xl/styles.xml"))
        codes = {code.get("numFmtId"): code.get("formatCode") for code in styles.iter(f"{MAIN}numFmt")}
        formats = [codes.get(style.get("numFmtId")) for style in styles.find(f"{MAIN}cellXfs")]
        names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
        return {
            name: _rows(_parse(parts.read(f"xl/worksheets/sheet{number}.xml")), formats)
            for number, name in enumerate(names, 1)
        }


def _parse(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314  our own


def _rows(sheet: ElementTree.Element, formats: list[str | None]) -> list[list[Any]]:
    rows = []
    for row in sheet.iter(f"{MAIN}row"):
        cells: dict[int, Any] = {}
        for cell in row:
            assert cell.find(f"{MAIN}f") is None
            cells[_position(cell.get("r"))] = _value(cell, formats)
        rows.append([cells.get(position) for position in range(max(cells, default=-1) + 1)])
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def _position(name: str) -> int:
    number = 0
    for letter in re.match("[A-Z]+", name)[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, formats: list[str | None]) -> Any:
    kind, value = cell.get("t"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)
    if value is None:
        return None
    if kind == "b":
        return value == "1"
    if formats[int(cell.get("s", "0"))] == "yyyy-mm-dd":
        return DAY_ZERO + timedelta(int(value))
    return Decimal(value)


def read_links(path: Path, sheet: int) -> list[str]:
    """Return the addresses of the links of a sheet, with what they point at in it."""
    with zipfile.ZipFile(path) as parts:
        root = _parse(parts.read(f"xl/worksheets/sheet{sheet}.xml"))
        links = list(root.iter(f"{MAIN}hyperlink"))
        if not links:
            return []
        relations = _parse(parts.read(f"xl/worksheets/_rels/sheet{sheet}.xml.rels"))
        targets = {each.get("Id"): each.get("Target") for each in relations.iter(f"{RELATIONS}Relationship")}
        ends = [link.get("location") for link in links]
        return [targets[link.get(RELATION)] + (f"#{end}" if end else "") for link, end in zip(links, ends, strict=True)]
