"""What cells of an Office Open XML workbook display, and a reader of values does not return."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: [a-z]+="[^"]*")*)>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>')
_ATTRIBUTE = re.compile(rb' ([a-z]+)="([^"]*)"')
# Formats of ECMA-376, part 1, 18.8.30, that add something to a number or hide the day of a date.
_BUILT_IN_FORMATS = {
    "9": "0%",
    "10": "0.00%",
    "17": "mmm-yy",
    **{str(number): "$" for number in (*range(5, 9), 42, 44)},
}
_MEANINGFUL_FORMAT = re.compile(r"[%$€£¥]|^(?!.*d).*y", re.IGNORECASE)


def find_errors(data: bytes) -> list[str]:
    """Return the cells of all sheets whose formula has no value, such as `B2 (#DIV/0!)`."""
    return [f"{cell} ({value})" for cell, attributes, value in _cells(data) if attributes.get("t") == "e"]


def find_formats(data: bytes) -> list[str]:
    """Return the cells of all sheets with a percent, a currency, or a date without a day as their format."""
    formats = _meaningful_formats(data)
    found = ((cell, attributes) for cell, attributes, _ in _cells(data) if attributes.get("t", "n") == "n")
    return [f"{cell} ({formats[style]})" for cell, attributes in found if (style := attributes.get("s", "")) in formats]


def _cells(data: bytes) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Yield the reference, the attributes, and the value of each cell with one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                for cell, attributes, value in _CELL.findall(archive.read(name)):
                    pairs = ((key.decode(), text.decode()) for key, text in _ATTRIBUTE.findall(attributes))
                    yield cell.decode(), dict(pairs), value.decode(errors="replace")


def _meaningful_formats(data: bytes) -> dict[str, str]:
    """Return the codes of formats that state more than a number, by the index of the style of a cell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "xl/styles.xml" not in archive.namelist():
            return {}
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314  expat expands no external entity
    custom = {each.get("numFmtId", ""): each.get("formatCode", "") for each in styles.iter(f"{_NAMESPACE}numFmt")}
    codes = _BUILT_IN_FORMATS | custom
    cell_styles = styles.find(f"{_NAMESPACE}cellXfs")
    used = [codes.get(style.get("numFmtId", ""), "") for style in (cell_styles if cell_styles is not None else ())]
    return {str(index): code for index, code in enumerate(used) if _MEANINGFUL_FORMAT.search(code)}
