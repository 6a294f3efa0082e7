"""How well `autotimeline draft` finds dates and amounts, as Markdown on stdout.

python bench/drafting.py dates DIRECTORY      # TimeML: *.tml, such as TimeBank
python bench/drafting.py amounts FILE.tsv     # spec, text, matched, value, unit
python bench/drafting.py robust DIRECTORY     # any files

A gold date is a DATE whose value is a day, week, month, quarter, season, year, decade, or century. It is found if one
of our dates with a value overlaps it, and exact if both have the same first and last day, apart from `~` and a bound
such as "by". Precision is the share of our dates that overlap any expression of time.

An amount is found if one of its kind overlaps it, and correct if it has its value. Precision is the share of our
amounts of a kind that overlap an amount of the file.

A file is robust if its draft is imported, and `check` finds each quote in the copy.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from autotimeline.dates import edtf
from autotimeline.drafting.amount_finder import MONEY_UNITS, UNITS, FoundAmount, find_amounts
from autotimeline.drafting.article import split_sentences
from autotimeline.drafting.date_finder import DateFinder, FoundDate
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import CURRENCIES, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TIMEML = re.compile(r"<TIMEX3\b([^>]*)>|</TIMEX3>|<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(r"(\w+)=\"([^\"]*)\"")
_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}
_MONEY = CURRENCIES.union(MONEY_UNITS)

# The start, the end, and the attributes of an expression of time.
Expression = tuple[int, int, dict[str, str]]


class Score:
    """Counts of gold expressions, of found and right ones, and of ours with those that overlap any expression."""

    def __init__(self, show: Sequence[str]) -> None:
        self.gold = self.found = self.right = self.ours = self.overlapping = 0
        self._show = show

    def add_gold(self, found: bool, right: bool, case: object) -> None:
        """Count a gold expression."""
        self.gold, self.found, self.right = self.gold + 1, self.found + found, self.right + right
        self._print("missed" if not found else "" if right else "wrong", case)

    def add_ours(self, overlaps: bool, case: object) -> None:
        """Count an expression of ours."""
        self.ours, self.overlapping = self.ours + 1, self.overlapping + overlaps
        self._print("" if overlaps else "false", case)

    def _print(self, kind: str, case: object) -> None:
        if kind and kind in self._show:
            print(f"{kind}: {case}", file=sys.stderr)


def share(part: float, whole: float) -> float:
    """Return a share in percent."""
    return round(100 * part / whole, 1) if whole else 0.0


def read_timeml(path: Path) -> tuple[str, str, list[Expression]]:
    """Return the day of publication, the text with one line per paragraph, and the expressions of time."""
    content = path.read_text("utf-8", errors="replace")
    day = re.search(r"<DCT>.*?value=\"(\d{4}-\d\d-\d\d)", content, re.DOTALL)
    body = re.search(r"<TEXT>(.*?)</TEXT>", content, re.DOTALL)
    text, expressions = "", []
    opened: list[tuple[int, dict[str, str]]] = []
    for match in _TIMEML.finditer(body[1] if body else ""):
        tag = match[0]
        if tag.startswith("<TIMEX3"):
            opened.append((len(text), dict(_ATTRIBUTE.findall(tag))))
        elif tag == "</TIMEX3>" and opened:
            start, attributes = opened.pop()
            expressions.append((start, len(text), attributes))
        elif not tag.startswith("<"):
            for character in html.unescape(tag):
                if not character.isspace():
                    text += character
                elif character == "\n" and text.endswith(" "):
                    text = text[:-1] + "\n"  # two line feeds
                elif not text.endswith((" ", "\n")):
                    text += " "
    return day[1] if day else "", text, expressions


def gold_days(value: str) -> tuple[int, int] | None:
    """Return the first and the last day of a TimeML value; None if it has none."""
    value = value.split("T")[0]
    if week := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        try:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        except ValueError:
            return None
        first = monday + timedelta(5 if week[3] else 0)
        return first.toordinal(), (monday + timedelta(6)).toordinal()
    value = re.sub(r"-XX.*", "", value)
    if season := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        value = f"{season[1]} {_SEASONS[season[2]]}"
    value = re.sub(r"^(\d{4})-([QH]\d)$", r"\1\2", value)
    value = re.sub(r"^(\d{2,3})$", lambda match: match[1].ljust(4, "X"), value)
    span = edtf.try_parse_date(value) if value[:2].isdigit() else None
    return span.nominal if span else None


def find_dates(text: str, finder: DateFinder) -> Iterator[tuple[int, int, FoundDate]]:
    """Yield (start, end, date) of the dates with a value."""
    sentences = [sentence for paragraph in text.split("\n") for sentence in split_sentences(paragraph)]
    position = 0
    for sentence, dates in zip(sentences, finder.find_all(sentences), strict=True):
        position = text.index(sentence, position)
        for found in dates:
            if found.value:
                yield position + found.start, position + found.end, found


def measure_dates(directory: Path, show: Sequence[str] = ()) -> dict[str, float]:
    """Return how many of the dates of a TimeML corpus are found and exact."""
    score, seconds, count = Score(show), 0.0, 0
    for path in sorted(directory.rglob("*.tml")):
        if path.name.startswith("."):
            continue
        day, text, expressions = read_timeml(path)
        published = edtf.try_parse_date(day)
        if published is None:
            print(f"{path.name}: no day of publication", file=sys.stderr)
            continue
        count += 1
        started = time.perf_counter()
        ours = list(find_dates(text, DateFinder(published)))
        seconds += time.perf_counter() - started
        for start, end, found in ours:
            overlaps = any(first < end and start < last for first, last, _ in expressions)
            score.add_ours(overlaps, (path.name, found.text, found.value, text[max(0, start - 60) : end + 30]))
        for first, last, attributes in expressions:
            days = gold_days(attributes.get("value", ""))
            if attributes.get("type") == "DATE" and attributes.get("functionInDocument") != "CREATION_TIME" and days:
                hits = [found for start, end, found in ours if first < end and start < last]
                right = any(_has_days(hit, days) for hit in hits)
                case = (day, text[first:last], attributes["value"], [hit.value for hit in hits])
                score.add_gold(bool(hits), right, (*case, text[max(0, first - 60) : last + 30]))
    return {
        "texts": count,
        "dates": score.gold,
        "found": share(score.found, score.gold),
        "exact": share(score.right, score.gold),
        "precision": share(score.overlapping, score.ours),
        "ms per text": round(1000 * seconds / max(count, 1), 1),
    }


def _has_days(found: FoundDate, days: tuple[int, int]) -> bool:
    """Return whether a date, its point without the bound, or an end of its range has these days."""
    values = found.point, found.value, *re.split(r"\.\.|[/\[\],]", found.value)
    spans = [edtf.try_parse_date(value) for value in values if value]
    return any(span is not None and span.nominal == days for span in spans)


def measure_amounts(path: Path, show: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """Return, by kind, how many of the amounts of a table are found and correct."""
    texts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        kind, text, matched, value, *_ = [*line.split("\t"), "", "", ""]
        texts.setdefault((kind, text), []).append((matched, value.rstrip("%")))
    scores: dict[str, Score] = {}
    for (kind, text), rows in texts.items():
        score = scores.setdefault(kind, Score(show))
        ours = [(start, end, found) for start, end, found in _located_amounts(text) if _kind(found) == kind]
        gold = list(_gold_amounts(text, rows))
        for start, end, found in ours:
            overlaps = any(first < end and start < last for first, last, _ in gold)
            score.add_ours(overlaps, (found.text, found.quantity.shown, text))
        for first, last, number in gold:
            if number is not None:
                hits = [found for start, end, found in ours if first < end and start < last]
                right = any(_has_value(hit.quantity, number) for hit in hits)
                score.add_gold(bool(hits), right, (number, [hit.quantity.shown for hit in hits], text))
    return {
        kind: {
            "amounts": score.gold,
            "found": share(score.found, score.gold),
            "correct of found": share(score.right, score.found),
            "precision": share(score.overlapping, score.ours),
        }
        for kind, score in scores.items()
    }


def _gold_amounts(text: str, rows: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int, Decimal | None]]:
    """Yield (start, end, number) of the rows of a text, each at another position; None without a number."""
    taken: set[int] = set()
    for matched, value in rows:
        positions = [match.start() for match in re.finditer(re.escape(matched.lower()), text.lower())]
        start = next((position for position in positions if position not in taken), None)
        if matched and start is not None:
            taken.add(start)
            number = Decimal(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else None
            yield start, start + len(matched), number


def _located_amounts(text: str) -> Iterator[tuple[int, int, FoundAmount]]:
    position = 0
    for sentence in split_sentences(text):
        position = text.index(sentence, position)
        for found in find_amounts(sentence):
            yield position + found.start, position + found.end, found


def _kind(amount: FoundAmount) -> str:
    unit = amount.quantity.unit
    return "percent" if unit == "%" else "money" if unit in _MONEY else "dimension" if unit in UNITS else "count"


def _has_value(quantity: Quantity, number: Decimal) -> bool:
    """Return whether a quantity is a number, or what its qualifier makes of it."""
    ends = quantity.low, quantity.high
    if quantity.about or None in ends or quantity.low != quantity.high:
        # The tests of the parser cover the bounds of "about 5": here, its number counts.
        plain = parse_quantity(re.sub(r"^[^\d-]+", "", quantity.shown))
        ends = (*ends, plain.low, plain.high)
    return any(end is not None and abs(end - number) < Decimal("0.001") for end in ends)


def measure_robustness(directory: Path, show: Sequence[str] = ()) -> dict[str, float]:
    """Return how many files have a draft that is imported, and whose quotes are verbatim."""
    characters = seconds = 0.0
    count = robust = 0
    for path in sorted(path for path in directory.rglob("*") if path.is_file() and not path.name.startswith(".")):
        count += 1
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "facts.toml").write_text("[store]\nformat = 1\n", "utf-8")
            started = time.perf_counter()
            words = ("--published", "2025-10-28", "--take", "all", "--source", "s", "--copy", "copy.txt")
            drafted = _run(folder, "draft", str(path.resolve()), *words)
            seconds += time.perf_counter() - started
            characters += path.stat().st_size
            # A file that is not an article gets one line.
            refused = drafted.returncode == 4 and len(drafted.stderr.splitlines()) == 1
            problem = drafted.stderr.strip() if drafted.returncode > 1 and not refused else ""
            if not problem and drafted.returncode == 0:
                Path(folder, "draft.toml").write_text(drafted.stdout, "utf-8")
                imported = _run(folder, "import", "draft.toml")
                findings = map(json.loads, _run(folder, "check", "-O", "jsonl").stdout.splitlines())
                problem = imported.stderr.strip() if imported.returncode else ""
                problem = problem or "; ".join(each["text"] for each in findings if each["rule"] == "quote")
            robust += not problem
            if problem and "false" in show:
                print(f"{path.name}: {problem}", file=sys.stderr)
    return {
        "files": count,
        "robust": share(robust, count),
        "seconds per 40,000 characters, with starts": round(40_000 * seconds / max(characters, 1), 2),
    }


def _run(directory: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autotimeline", *words]
    return subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8", check=False)


def write_table(rows: Sequence[dict[str, object]]) -> None:
    """Print rows with the same keys as a Markdown table."""
    print(f"| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(map(str, row.values()))} |")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=("dates", "amounts", "robust"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--show", default="", help="print these cases on stderr: missed, wrong, false")
    arguments = parser.parse_args()
    show = arguments.show.split(",")
    if arguments.measure == "amounts":
        write_table([{"kind": kind, **row} for kind, row in measure_amounts(arguments.path, show).items()])
    else:
        measure = measure_dates if arguments.measure == "dates" else measure_robustness
        write_table([{**measure(arguments.path, show)}])


if __name__ == "__main__":
    main()
