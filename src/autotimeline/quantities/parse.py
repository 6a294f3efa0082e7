"""Read quantities ("~1.5bn EUR", "<29,000 vehicles") and the ranges of queries ("1bn..", "10..20%")."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from autotimeline.errors import QuantityError
from autotimeline.quantities.quantity import CURRENCIES, EXACT, Quantity, Range, show_number, show_span, show_unit
from autotimeline.quantities.units import FORMS, NAMES, PERIOD_NAMES, SCALES, STRANGE_SCALES, SYMBOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_LONGEST_FIRST = sorted(map(re.escape, FORMS), key=len, reverse=True)
_QUALIFIER = re.compile(f"({'|'.join(_LONGEST_FIRST)})(?![a-z]) ?", re.IGNORECASE)
_END = re.compile(
    r"(?P<sign>[-+−]?)\s*(?:(?P<lead>[A-Za-z]{0,3}[€$£¥￥₹₩]|[A-Z]{3}(?![^\W\d_]))\s*)?(?P<sign2>[-+−]?)\s*"
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)(?P<rest>.*)"
)
_NEAR, _BEYOND = Decimal("0.9"), Decimal("1.1")
# Bounds have as many digits as numbers may have: so the index, which keeps them as REAL, keeps their order.
_DOWN, _UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)
_DIGIT = re.compile("[0-9]")
_PER_CENT = re.compile(r"\bper ?cent(?![\w-])", re.IGNORECASE)
_PER = re.compile(" ?/ ?| per |^per ", re.IGNORECASE)
_SCALE = re.compile(f"(?:{'|'.join(sorted(SCALES, key=len, reverse=True))})", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GERMAN_THOUSAND = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
# What is refused of the digits behind a number, and why; compiled only where there are some.
_FURTHER_DIGITS = {
    r"[ '’][0-9]{3}(?![0-9])": "digits are grouped by commas, as in 68,000",
    r" ?(?:%|[€$£]|[A-Za-z]+)? ?(?:[-–—]|to(?![a-z])) ?[+€$£]?[0-9]": (
        'a range is written with two points, as in "10..20%"'
    ),
    r"[Ee][-+]?[0-9]": "exponents are not read; write a scale (1bn) or all digits (1,000,000,000)",
}
_UNIT = re.compile(r"%|[^\W\d_](?:(?:[^\W_]|-)*[^\W_])?")


def parse(text: str) -> Quantity:
    """Read a quantity as a source states it.

        quantity = [qualifier] number [scale] [unit] | ["~"] [">"] number ".." ["<"] number [scale] [unit]

    Qualifiers are the words and signs of QUALIFIERS, scales those of SCALES (any case, and they may
    touch the number); a unit is one word, `%` or a currency (which may also lead: "€1.5bn"),
    optionally followed by "/" and a period. Numbers have at most 15 significant digits.

    Bounds: a plain number is exact. "<x" and "up to x" begin at 0 unless the number is signed
    ("<+5%" has no lower bound). "~x" is x ± 10%, "nearly x" the 10% below x and "a little over x"
    those above (by size, where x is negative), all three `about` and rounded outward to 15 digits.
    The ends of a range are as written, with "~" also `about`; ">" and "<" leave an end out. A unit
    given at one end holds for both, a scale at the upper end for a lower one without one ("1..2bn"
    is 1bn..2bn).

    A single point with three digits after it and one to three before ("1.500") is refused, because
    it may be a German thousand; "0.500", "1.5" and "1.5000" are not.

    Raises:
        QuantityError: it is no such thing, or ambiguous; the message says what to write.
    """
    form, low, high, low_open, high_open, about, unit, per, number = _read(text, query=False)
    return Quantity(low, high, low_open, high_open, unit, per, form + number + show_unit(unit, per), about)


def parse_range(text: str) -> Range:
    """Read the bounds that a query asks for.

    All that `parse` reads, and ranges open on one side ("1bn..", "..29k"). Nothing begins at 0 of
    its own: "<29k" and "..29k" have no lower bound. A number alone asks for just that number,
    "~1.5bn" for 1.35bn..1.65bn. No unit means any unit.

    Raises:
        QuantityError: as `parse`.
    """
    _, low, high, low_open, high_open, _, unit, per, _ = _read(text, query=True)
    number = _show_bounds(low, high, low_open, high_open, unit)
    return Range(low, high, low_open, high_open, unit, per, number + show_unit(unit, per))


def _show_bounds(low: Decimal | None, high: Decimal | None, low_open: bool, high_open: bool, unit: str) -> str:
    if low is None or high is None:
        sign, end = ("<", high) if low is None else (">", low)
        return sign + ("" if low_open or high_open else "=") + show_number(end or Decimal(), unit)
    if low == high:
        return show_number(low, unit)
    return show_span(low, high, low_open, high_open, unit, plus=False)


_Read = tuple[str, "Decimal | None", "Decimal | None", bool, bool, bool, str, str, str]


def _read(raw: str, *, query: bool) -> _Read:
    """Give form, low, high, low_open, high_open, about, unit, per and the number as it is shown."""
    text = " ".join(raw.split())
    if not text.isascii():
        for letter in text:
            if letter.isdecimal() and not letter.isascii():
                _refuse(text, f'"{letter}" is no ASCII digit; write digits as 0-9')
    if not text:
        raise QuantityError('"": a quantity needs a number, such as "1.5bn EUR" or "<29,000 vehicles"')
    if not _DIGIT.search(text):
        _refuse(text, f'there is no number; where the source gives none, write printed = "{text}"')
    if ".." in text:
        return _read_span(text, query=query)
    form, rest = _qualifier(text, text)
    number, signed, plus, scale, unit, per = _end(rest, text)
    value = _plain(number, scale or 0)
    low, high, low_open, high_open = _bounds(form, value, floor=not signed and not query)
    if low is not None and low == high and (low_open or high_open):
        _refuse(text, "nothing lies there; where the number may be negative, give it a sign, as in <+0")
    about = form in {"~", "nearly ", "a little over "}
    shown = show_number(value, unit, plus=plus)
    if form in {"<", "up to "} and signed and value == 0:
        shown = "+0"  # the sign is what takes the bound at 0 away
    return form, low, high, low_open, high_open, about, unit, per, shown


def _bounds(form: str, value: Decimal, *, floor: bool) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    if form == "":
        return value, value, False, False
    if form in {"<", "up to "}:
        return Decimal() if floor else None, value, False, form == "<"
    if form in {">", "at least "}:
        return value, None, form == ">", False
    small, large = (_BEYOND, _NEAR) if value < 0 else (_NEAR, _BEYOND)
    low, high = _plain(_DOWN.multiply(value, small), 0), _plain(_UP.multiply(value, large), 0)
    if form == "~":
        return low, high, False, False
    if (form == "nearly ") is (value < 0):
        return value, high, True, False
    return low, value, False, True


def _read_span(text: str, *, query: bool) -> _Read:
    first, *others = text.split("..")
    if len(others) != 1 or others[0].startswith("."):
        _refuse(text, 'a range has two ends, as in "10..20%"')
    vague = first.startswith("~>")  # "about" and an open end do not exclude each other
    form, first = _qualifier(first.removeprefix("~" if vague else "").strip(), text)
    second_form, second = _qualifier(others[0].strip(), text)
    if form not in {"", "~", ">"} or second_form not in {"", "<"}:
        odd = second_form if form in {"", "~", ">"} else form
        _refuse(text, f'a range takes no "{odd.strip()}"; write "10..20", "~10..20", ">10..20" or "10..<20"')
    if not (first and second):
        return _read_half(text, form, first, second_form, second, query=query)
    start, _, plus, start_scale, start_unit, start_per = _end(first, text)
    end, _, end_plus, end_scale, unit, per = _end(second, text)
    if (start_unit or start_per) and (unit or per) and (start_unit, start_per) != (unit, per):
        _refuse(
            text,
            f'the ends have different units, "{show_unit(start_unit, start_per).strip()}" and '
            f'"{show_unit(unit, per).strip()}"; write the unit once, at the end',
        )
    unit, per = unit or start_unit, per or start_per
    shared = end_scale if start_scale is None else start_scale
    low, high = _plain(start, shared or 0), _plain(end, end_scale or 0)
    low_open, high_open = form == ">", second_form == "<"
    if low > high or (low == high and (low_open or high_open)):
        _refuse(
            text,
            f'"{show_number(low, scaled=False)}..{show_number(high, scaled=False)}" runs backwards or is '
            "empty; a scale at the end counts for both ends, so give each its own",
        )
    plus = plus or end_plus
    about = vague or form == "~"
    if low == high and not about:
        number = show_number(low, unit, plus=plus)
    else:
        number = show_span(low, high, low_open, high_open, unit, plus)
    return "~" if about else "", low, high, low_open, high_open, about, unit, per, number


def _read_half(text: str, form: str, first: str, second_form: str, second: str, *, query: bool) -> _Read:
    if form == "~" or (form and second) or (second_form and first):
        _refuse(text, 'a range open on one side takes no qualifier there; write "10.." or "..20"')
    if not query:
        instead = f"at least {first}" if first else f"up to {second}"
        _refuse(text, f'a quantity is not open on one side; write "{instead}"')
    number, _, _, scale, unit, per = _end(first or second, text)
    value = _plain(number, scale or 0)
    low, high = (value, None) if first else (None, value)
    return "", low, high, form == ">", second_form == "<", False, unit, per, ""


def _qualifier(text: str, whole: str) -> tuple[str, str]:
    """Take a qualifier off: its form ("" for none) and the rest."""
    found = _QUALIFIER.match(text)
    if not found:
        return "", text
    rest = text[found.end() :]
    again = _QUALIFIER.match(rest)
    if again:
        _refuse(whole, f'"{found[1]}" and "{again[1]}" are two qualifiers; keep one')
    return FORMS[found[1].lower()], rest


def _end(text: str, whole: str) -> tuple[Decimal, bool, bool, int | None, str, str]:
    """Read one number: unscaled, signed, has a plus, scale as a power of ten, unit, per."""
    found = _END.fullmatch(text)
    if not found or (found["sign"] and found["sign2"]):
        head = re.split("[0-9]", text)[0].strip()
        if head in {".", "-.", "+."}:
            _refuse(whole, f'write a digit before the point: "{text.replace(".", "0.", 1)}"')
        _refuse(whole, f'"{head}" before a number is not understood; write ~, <, <=, >, >= or nothing there')
    sign = found["sign"] or found["sign2"]
    number = _number(found["number"], whole)
    if sign in {"-", "−"}:
        number = -number or Decimal()
    rest = found["rest"]
    for pattern, why in _FURTHER_DIGITS.items() if _DIGIT.search(rest) else ():
        if re.match(pattern, rest):
            _refuse(whole, why)
    scale, unit, per = _scale_and_unit(rest.strip(), found["lead"], whole)
    return number, bool(sign), sign == "+", scale, unit, per


def _number(token: str, whole: str) -> Decimal:
    if not _PLAIN.fullmatch(token) or _GERMAN_THOUSAND.fullmatch(token):
        readings = []
        if token.count(",") <= 1:
            readings.append(token.replace(".", "").replace(",", "."))
        if token.count(".") <= 1:
            readings.append(token.replace(",", ""))
        values = sorted({Decimal(reading) for reading in readings})
        if not values:
            _refuse(whole, f'"{token}" is no number; write digits as in 68,000 or 1.5')
        meanings = " or as ".join(show_number(value, scaled=False) for value in values)
        _refuse(whole, f'"{token}" can be read as {meanings}; write it so')
    token = token.replace(",", "")
    if len(token.replace(".", "").strip("0")) > 15:
        _refuse(whole, "a number has at most 15 significant digits")
    if len(token) > 40:
        _refuse(whole, "a number is written with at most 40 digits")
    return Decimal(token)


def _scale_and_unit(rest: str, lead: str | None, whole: str) -> tuple[int | None, str, str]:
    if not (rest or lead):
        return None, "", ""
    rest = _PER.sub("/", _PER_CENT.sub("%", rest))
    scale = None
    found = _SCALE.match(rest)
    if found:
        # A scale is a whole word, or touches a currency: "5 m", "1.5bn€", "20 kEUR", but not "5 kWh".
        tail = rest[found.end() :]
        word = tail.split(" ", 1)[0].split("/", 1)[0]
        if not word or word == "%" or word in SYMBOLS or word in CURRENCIES:
            scale, rest = SCALES[found[0].lower()], tail.lstrip()
    parts = rest.split("/")
    per = PERIOD_NAMES.get(parts[-1].casefold(), "") if len(parts) > 1 else ""
    if per:
        parts.pop()
    names = [_unit(part, whole) for part in parts[1:]]
    first = _unit(parts[0], whole) if parts[0] else ""
    if lead:
        currency = _unit(lead, whole)
        if first not in {"", currency}:
            _refuse(whole, f'"{lead}" and "{parts[0]}" are two units; keep one')
        first = currency
    elif names and not first:
        _refuse(whole, f'"/{parts[1]}" is no period; write "/year", "/month", "/day", or a unit before the "/"')
    return scale, "/".join([first, *names]), per


def _unit(name: str, whole: str) -> str:
    """Give a unit its canonical spelling: currencies their code, percent its sign, others as written."""
    word = name.split(" ")[0]
    if word in SYMBOLS:
        word = SYMBOLS[word]
    elif word in {"¥", "￥"}:
        _refuse(whole, f'"{word}" is the yuan and the yen; write CNY or JPY')
    elif word[-1:] in {"€", "$", "£", "¥", "₹", "₩"}:
        _refuse(whole, f'"{word}" is a currency not known by its sign; write its three letters, such as USD')
    elif word.casefold() in SCALES:
        _refuse(whole, f'"{word}" is a scale, and no unit; write the unit in full, such as metres')
    elif word.casefold() in STRANGE_SCALES or word[:1] in {"万", "亿", "萬", "億"}:
        _refuse(whole, f'"{word}" is no scale known here; write k, m, bn or tn')
    if " " in name:
        last = name.split(" ")[-1]
        if last in SYMBOLS or last.upper() in CURRENCIES:
            # Joined, it would be a unit of its own, and the number wrong by orders of magnitude.
            _refuse(whole, f'"{word}" is no scale known here; write k, m, bn or tn before {last}')
        joined = "-".join(name.split(" "))
        _refuse(whole, f'"{name}" is more than one word; a unit is one word, such as "{joined}"')
    if not _UNIT.fullmatch(word) or not (word[0].isalpha() or word == "%"):
        _refuse(whole, f'"{word}" is no unit; a unit is one word of letters, or %')
    folded = word.casefold()
    return NAMES.get(folded) or (folded.upper() if folded.upper() in CURRENCIES else word)


def _plain(number: Decimal, scale: int) -> Decimal:
    """Scale, and leave no exponent and no trailing zeros, so that a bound reads like written digits."""
    text = f"{number.scaleb(scale, EXACT):f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _refuse(text: str, why: str) -> NoReturn:
    raise QuantityError(f'"{text}": {why}')
