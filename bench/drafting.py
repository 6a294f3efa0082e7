"""How well `autotimeline draft` finds dates and amounts, as Markdown on stdout.

    python bench/drafting.py dates DIRECTORY      # TimeML: *.tml, such as TimeBank
    python bench/drafting.py amounts FILE.tsv     # spec, text, matched, value, unit
    python bench/drafting.py robust DIRECTORY     # any texts: the draft must import, and quotes must be verbatim

A gold date is a DATE whose value is a day, week, month, quarter, season, year, decade, or century. It is found if a date
with a value overlaps it, and exact if both have the same first and last day, apart from `~`. Precision is the share of
our dates that overlap any expression of time.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from autotimeline.dates import edtf
from autotimeline.drafting.amount_finder import UNITS, FoundAmount, find_amounts
from autotimeline.drafting.article import split_sentences
from autotimeline.drafting.date_finder import DateFinder
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import CURRENCIES, Quantity

_TIMEX = re.compile(r"<TIMEX3\b([^>]*)>|</TIMEX3>|<[^>]*>|[^<]+")
_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}


def read_timeml(path: Path) -> tuple[str, list[str], list[tuple[int, int, dict[str, str]]]]:
    """Return the day of publication, the paragraphs, and (start, end, attributes) of the expressions of time."""
    content = path.read_text("utf-8", errors="replace")
    created = re.search(r"functionInDocument=\"CREATION_TIME\"", content)
    head = content[: created.end() + 200] if created else content
    day = re.search(r"<DCT>.*?value=\"(\d{4}-\d\d-\d\d)", content, re.DOTALL) or re.search(
        r"value=\"(\d{4}-\d\d-\d\d)", head
    )
    body = re.search(r"<TEXT>(.*?)</TEXT>", content, re.DOTALL)
    text, expressions, opened = "", [], []
    for match in _TIMEX.finditer(body[1] if body else ""):
        token = match[0]
        if token.startswith("<TIMEX3"):
            opened.append((len(text), dict(re.findall(r"(\w+)=\"([^\"]*)\"", token))))
        elif token == "</TIMEX3>" and opened:
            start, attributes = opened.pop()
            expressions.append((start, len(text), attributes))
        elif not token.startswith("<"):
            for character in html.unescape(token):
                # A blank line stays: it separates paragraphs.
                if character.isspace():
                    if character == "\n" and text.endswith(" "):
                        text = text[:-1] + "\n"
                    elif not text.endswith((" ", "\n")):
                        text += " " if character != "\n" else " "
                else:
                    text += character
    return day[1] if day else "", text, expressions


def gold_days(value: str) -> tuple[int, int] | None:
    """Return the first and the last day of a TimeML value; None if it has none."""
    value = value.split("T")[0]
    if week := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        try:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        except ValueError:
            return None
        first, last = (monday + timedelta(5), monday + timedelta(6)) if week[3] else (monday, monday + timedelta(6))
        return first.toordinal(), last.toordinal()
    value = re.sub(r"-XX.*", "", value)
    if season := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        value = f"{season[1]} {_SEASONS[season[2]]}"
    value = re.sub(r"^(\d{4})-([QH]\d)$", r"\1\2", value)
    value = re.sub(r"^(\d{3})$", r"\1X", value)
    value = re.sub(r"^(\d{2})$", r"\1XX", value)
    if not re.match(r"\d\d", value):
        return None
    span = edtf.try_parse_date(value)
    return span.nominal if span else None


def measure_dates(directory: Path, *, show: str) -> None:
    gold = found = exact = ours = overlapping = 0
    seconds, texts = 0.0, 0
    for path in sorted(directory.rglob("*.tml")):
        if path.name.startswith("."):
            continue
        day, text, expressions = read_timeml(path)
        span = edtf.try_parse_date(day)
        if not (span and text):
            print(f"{path.name}: no day of publication", file=sys.stderr)
            continue
        texts += 1
        started = time.perf_counter()
        finder, dates = DateFinder(span), []
        for paragraph in re.finditer(r"[^\n]+", text):
            position = paragraph.start()
            for sentence in split_sentences(paragraph[0]):
                position = text.index(sentence, position)
                dates += [(position + d.start, position + d.end, d) for d in finder.find(sentence)]
        seconds += time.perf_counter() - started
        valued = [(start, end, each) for start, end, each in dates if each.value]
        for start, end, each in valued:
            hit = any(first < end and start < last for first, last, _ in expressions)
            ours += 1
            overlapping += hit
            if not hit and "false" in show:
                print("FALSE", path.name, repr(each.text), each.value, "|", text[max(0, start - 60) : end + 40])
        for first, last, attributes in expressions:
            days = gold_days(attributes.get("value", ""))
            if attributes.get("type") != "DATE" or attributes.get("functionInDocument") == "CREATION_TIME" or not days:
                continue
            gold += 1
            hits = [each for start, end, each in valued if first < end and start < last]
            found += bool(hits)
            right = any(_nominal(each.point, days) or _nominal(each.value, days) for each in hits)
            exact += right
            if not hits and "missed" in show:
                print(
                    "MISSED",
                    day,
                    attributes["value"],
                    repr(text[first:last]),
                    "|",
                    text[max(0, first - 60) : last + 30],
                )
            if hits and not right and "wrong" in show:
                print(
                    "WRONG",
                    day,
                    attributes["value"],
                    hits[0].value,
                    repr(hits[0].text),
                    "|",
                    text[max(0, first - 60) : last + 30],
                )
    print("| texts | dates | found | exact | precision | ms per text |\n|---|---|---|---|---|---|")
    cells = texts, gold, _share(found, gold), _share(exact, gold), _share(overlapping, ours)
    print("|", " | ".join(map(str, (*cells, f"{1000 * seconds / max(texts, 1):.1f}"))), "|")


def _nominal(value: str, days: tuple[int, int]) -> bool:
    """Return whether a date has these days, or is a bound or a range with one of them as its end."""
    for part in re.split(r"\.\.|[/\[\],]", value):
        if part and (span := edtf.try_parse_date(part)) and span.nominal == days:
            return True
    span = edtf.try_parse_date(value)
    return bool(span) and span.nominal == days


def measure_amounts(path: Path, *, show: str) -> None:
    """Print how many amounts of each kind are found, and how many of them have the value of the file."""
    rows: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        spec, text, matched, value, unit = (line.split("\t") + ["", "", ""])[:5]
        rows.setdefault(spec, {}).setdefault(text, []).append((matched, value.rstrip("%"), unit))
    print("| kind | amounts | found | correct of found | precision |\n|---|---|---|---|---|")
    for spec, texts in rows.items():
        gold = found = correct = ours = overlapping = 0
        for text, expected in texts.items():
            amounts = [a for s in split_sentences(text) for a in _located(text, s) if _kind(a[2]) == spec]
            spans: list[tuple[int, int]] = []
            for matched, value, unit in expected:
                taken = {first for first, _ in spans}
                start = next(
                    (
                        m.start()
                        for m in re.finditer(re.escape(matched.lower()), text.lower())
                        if m.start() not in taken
                    ),
                    -1,
                )
                if not matched or start < 0:
                    continue
                spans.append((start, start + len(matched)))
                try:
                    number = Decimal(value)
                except ArithmeticError:
                    continue
                gold += 1
                hits = [a for a in amounts if a[0] < start + len(matched) and start < a[1]]
                found += bool(hits)
                right = any(_has_value(a[2].quantity, number) for a in hits)
                correct += right
                if hits and not right and "wrong" in show:
                    print("WRONG", matched, value, unit, [(a[2].text, a[2].quantity.shown) for a in hits])
                if not hits and "missed" in show:
                    print("MISSED", matched, value, unit, "|", text[:200])
            for first, last, amount in amounts:
                hit = any(first < end and start < last for start, end in spans)
                ours += 1
                overlapping += hit
                if not hit and "false" in show:
                    print("FALSE", amount.text, amount.quantity.shown, "|", text[:200])
        cells = spec, gold, _share(found, gold), _share(correct, found), _share(overlapping, ours)
        print("|", " | ".join(map(str, cells)), "|")


def _located(text: str, sentence: str) -> list[tuple[int, int, FoundAmount]]:
    offset = text.index(sentence)
    return [(offset + a.start, offset + a.end, a) for a in find_amounts(sentence)]


def _kind(amount: FoundAmount) -> str:
    unit = amount.quantity.unit
    if unit == "%":
        return "percent"
    money = unit in CURRENCIES or unit in ("cents", "pence", "marks", "francs", "pesos")
    return "money" if money else "dimension" if unit in UNITS else "count"


def _has_value(quantity: Quantity, number: Decimal) -> bool:
    low, high = quantity.low, quantity.high
    if low is None or high is None or quantity.about or low == 0:
        # A qualifier makes bounds of the number; the parser's own tests cover them.
        return str(number.normalize()) == str(parse_quantity(re.sub(r"^[^0-9-]+", "", quantity.shown)).low.normalize())
    return number in (low, high) or abs(number - low) < Decimal("0.001")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=("dates", "amounts", "robust"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--show", default="", help="print cases: missed, wrong, false")
    arguments = parser.parse_args()
    if arguments.measure == "dates":
        measure_dates(arguments.path, show=arguments.show)
    elif arguments.measure == "amounts":
        measure_amounts(arguments.path, show=arguments.show)


if __name__ == "__main__":
    main()
