"""Parse quantities ("~1.5bn EUR", "<29,000 vehicles") and the ranges of queries ("1bn..", "10..20%")."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from autotimeline.errors import QuantityError
from autotimeline.quantities.quantity import (
    CURRENCIES,
    EXACT_CONTEXT,
    Quantity,
    QuantityRange,
    format_number,
    format_range,
    format_unit,
)
from autotimeline.quantities.units import (
    CANONICAL_QUALIFIERS,
    CURRENCY_SYMBOLS,
    PERIODS_BY_NAME,
    SCALES,
    UNITS_BY_NAME,
    UNSUPPORTED_SCALES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_LONGEST_FIRST = sorted(map(re.escape, CANONICAL_QUALIFIERS), key=len, reverse=True)
_QUALIFIER = re.compile(f"({'|'.join(_LONGEST_FIRST)})(?![a-z]) ?", re.IGNORECASE)
_QUANTITY_END = re.compile(
    r"(?P<sign>[-+−]?)\s*(?:(?P<lead>[A-Za-z]{0,3}[€$£¥￥₹₩]|[A-Z]{3}(?![^\W\d_]))\s*)?(?P<sign2>[-+−]?)\s*"
    r"(?P<number>[0-9]+(?:[.,][0-9]+)*)(?P<rest>.*)"
)
_SMALL_FACTOR, _LARGE_FACTOR = Decimal("0.9"), Decimal("1.1")
# Bounds have at most 15 digits, as numbers have, so that the REAL columns of the index preserve their order.
_ROUND_DOWN, _ROUND_UP = Context(prec=15, rounding=ROUND_FLOOR), Context(prec=15, rounding=ROUND_CEILING)
_DIGIT = re.compile("[0-9]")
_PER_CENT = re.compile(r"\bper ?cent(?![\w-])", re.IGNORECASE)
_PER = re.compile(" ?/ ?| per |^per ", re.IGNORECASE)
_SCALE = re.compile(f"(?:{'|'.join(sorted(SCALES, key=len, reverse=True))})", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GERMAN_THOUSAND = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
# Invalid digits after a number, with the reason; compiled only if there are any.
_TRAILING_DIGIT_ERRORS = {
    r"[ '’][0-9]{3}(?![0-9])": "digits are grouped by commas, as in 68,000",
    r" ?(?:%|[€$£]|[A-Za-z]+)? ?(?:[-–—]|to(?![a-z])) ?[+€$£]?[0-9]": (
        'a range is written with two points, as in "10..20%"'
    ),
    r"[Ee][-+]?[0-9]": "exponents are not read; write a scale (1bn) or all digits (1,000,000,000)",
}
_UNIT = re.compile(r"%|[^\W\d_](?:(?:[^\W_]|-)*[^\W_])?")


def parse_quantity(text: str) -> Quantity:
    """Parse a quantity.

        quantity = [qualifier] number [scale] [unit] | ["~"] [">"] number ".." ["<"] number [scale] [unit]

    Qualifiers and scales are those of `units`. A unit is one word, `%`, or a currency (which may also come first:
    "€1.5bn"), with an optional "/" and period. Numbers have at most 15 significant digits.

    A number without a qualifier is exact. "<x" and "up to x" start at 0 unless the number has a sign ("<+5%" has no
    lower bound). "~x" is x ± 10%, "nearly x" is the 10% below x, and "a little over x" the 10% above (in size, if x is
    negative). These three are `about` and rounded outward to 15 digits; a range with "~" is also `about`. In a range,
    ">" and "<" exclude an end, a unit at either end counts for both, and a scale at the upper end counts for both
    ("1..2bn" is 1bn..2bn). "1.500" is rejected, because in German it is 1,500; "0.500", "1.5", and "1.5000" are valid.

    Raises:
        QuantityError: If the text is not a quantity, or is ambiguous.
    """
    qualifier, low, high, low_open, high_open, about, unit, per, number = _parse_text(text, query=False)
    return Quantity(low, high, low_open, high_open, unit, per, qualifier + number + format_unit(unit, per), about)


def parse_range(text: str) -> QuantityRange:
    """Parse the range of a query: a quantity, or a range that is open on one side ("1bn..", "..29k").

    "<29k" has no lower bound of 0 here. A number without a qualifier matches only itself, and "~1.5bn" is
    1.35bn..1.65bn. Without a unit, all units match.

    Raises:
        QuantityError: If the text is not a range, or is ambiguous.
    """
    _, low, high, low_open, high_open, _, unit, per, _ = _parse_text(text, query=True)
    number = _format_query_bounds(low, high, low_open, high_open, unit)
    return QuantityRange(low, high, low_open, high_open, unit, per, number + format_unit(unit, per))


def _format_query_bounds(low: Decimal | None, high: Decimal | None, low_open: bool, high_open: bool, unit: str) -> str:
    if low is None or high is None:
        sign, end = ("<", high) if low is None else (">", low)
        return sign + ("" if low_open or high_open else "=") + format_number(end or Decimal(), unit)
    if low == high:
        return format_number(low, unit)
    return format_range(low, high, low_open, high_open, unit, force_sign=False)


_ParsedQuantity = tuple[str, "Decimal | None", "Decimal | None", bool, bool, bool, str, str, str]


def _parse_text(raw: str, *, query: bool) -> _ParsedQuantity:
    """Return the qualifier, low, high, low_open, high_open, about, unit, per, and the number as displayed."""
    text = " ".join(raw.split())
    for letter in "" if text.isascii() else text:
        if letter.isdecimal() and not letter.isascii():
            _reject(text, f'"{letter}" is not an ASCII digit; write digits as 0-9')
    if not text:
        raise QuantityError('"": a quantity needs a number, such as "1.5bn EUR" or "<29,000 vehicles"')
    if not _DIGIT.search(text):
        _reject(text, f'missing number; if the source gives none, write printed = "{text}"')
    if ".." in text:
        return _parse_span(text, query=query)
    qualifier, rest = _split_qualifier(text, text)
    number, signed, force_sign, scale, unit, per = _parse_end(rest, text)
    value = _scale_number(number, scale)
    low, high, low_open, high_open = _qualified_bounds(qualifier, value, starts_at_zero=not signed and not query)
    if low is not None and low == high and (low_open or high_open):
        _reject(text, "the range is empty; if the number may be negative, add a sign, as in <+0")
    about = qualifier in {"~", "nearly ", "a little over "}
    shown = format_number(value, unit, force_sign=force_sign)
    if qualifier in {"<", "up to "} and signed and value == 0:
        shown = "+0"  # the sign means that 0 is not the lower bound
    return qualifier, low, high, low_open, high_open, about, unit, per, shown


def _qualified_bounds(
    qualifier: str, value: Decimal, *, starts_at_zero: bool
) -> tuple[Decimal | None, Decimal | None, bool, bool]:
    if qualifier == "":
        return value, value, False, False
    if qualifier in {"<", "up to "}:
        return Decimal() if starts_at_zero else None, value, False, qualifier == "<"
    if qualifier in {">", "at least "}:
        return value, None, qualifier == ">", False
    low_factor, high_factor = (_LARGE_FACTOR, _SMALL_FACTOR) if value < 0 else (_SMALL_FACTOR, _LARGE_FACTOR)
    low = _scale_number(_ROUND_DOWN.multiply(value, low_factor))
    high = _scale_number(_ROUND_UP.multiply(value, high_factor))
    if qualifier == "~":
        return low, high, False, False
    if (qualifier == "nearly ") is (value < 0):
        return value, high, True, False
    return low, value, False, True


def _parse_span(text: str, *, query: bool) -> _ParsedQuantity:
    first, *rest = text.split("..")
    if len(rest) != 1 or rest[0].startswith("."):
        _reject(text, 'a range has two ends, as in "10..20%"')
    approximate_prefix = first.startswith("~>")  # both "about" and open
    qualifier, first = _split_qualifier(first.removeprefix("~" if approximate_prefix else "").strip(), text)
    second_qualifier, second = _split_qualifier(rest[0].strip(), text)
    if qualifier not in {"", "~", ">"} or second_qualifier not in {"", "<"}:
        unexpected = second_qualifier if qualifier in {"", "~", ">"} else qualifier
        _reject(text, f'a range cannot have "{unexpected.strip()}"; write "10..20", "~10..20", ">10..20" or "10..<20"')
    if not (first and second):
        return _parse_open_span(text, qualifier, first, second_qualifier, second, query=query)
    start, _, force_sign, start_scale, start_unit, start_per = _parse_end(first, text)
    end, _, end_plus, end_scale, unit, per = _parse_end(second, text)
    if (start_unit or start_per) and (unit or per) and (start_unit, start_per) != (unit, per):
        units = [f'"{format_unit(*pair).strip()}"' for pair in ((start_unit, start_per), (unit, per))]
        _reject(text, f"the ends have different units, {' and '.join(units)}; write the unit once, at the end")
    unit, per = unit or start_unit, per or start_per
    low, high = _scale_number(start, end_scale if start_scale is None else start_scale), _scale_number(end, end_scale)
    low_open, high_open = qualifier == ">", second_qualifier == "<"
    if low > high or (low == high and (low_open or high_open)):
        ends = f"{format_number(low, use_scale=False)}..{format_number(high, use_scale=False)}"
        _reject(text, f'"{ends}" is reversed or empty; a scale at the end counts for both, so write one at each')
    force_sign, about = force_sign or end_plus, approximate_prefix or qualifier == "~"
    number = format_range(low, high, low_open, high_open, unit, force_sign)
    if low == high and not about:
        number = format_number(low, unit, force_sign=force_sign)
    return "~" if about else "", low, high, low_open, high_open, about, unit, per, number


def _parse_open_span(
    text: str, qualifier: str, first: str, second_qualifier: str, second: str, *, query: bool
) -> _ParsedQuantity:
    if qualifier == "~" or (qualifier and second) or (second_qualifier and first):
        _reject(text, 'a range open on one side cannot have that qualifier; write "10.." or "..20"')
    if not query:
        suggested = f"at least {first}" if first else f"up to {second}"
        _reject(text, f'a quantity is not open on one side; write "{suggested}"')
    number, _, _, scale, unit, per = _parse_end(first or second, text)
    value = _scale_number(number, scale)
    low, high = (value, None) if first else (None, value)
    return "", low, high, qualifier == ">", second_qualifier == "<", False, unit, per, ""


def _split_qualifier(text: str, full_text: str) -> tuple[str, str]:
    """Return the canonical qualifier ("" if there is none) and the rest."""
    match = _QUALIFIER.match(text)
    if not match:
        return "", text
    rest = text[match.end() :]
    if second_match := _QUALIFIER.match(rest):
        _reject(full_text, f'"{match[1]}" and "{second_match[1]}" are two qualifiers; keep one')
    return CANONICAL_QUALIFIERS[match[1].lower()], rest


def _parse_end(text: str, full_text: str) -> tuple[Decimal, bool, bool, int | None, str, str]:
    """Return the unscaled number, whether it has a sign, whether that is a plus, the power of ten, unit, and per."""
    match = _QUANTITY_END.fullmatch(text)
    if not match or (match["sign"] and match["sign2"]):
        prefix = re.split("[0-9]", text)[0].strip()
        if prefix in {".", "-.", "+."}:
            _reject(full_text, f'write a digit before the point: "{text.replace(".", "0.", 1)}"')
        _reject(full_text, f'"{prefix}" before a number is not a qualifier; write ~, <, <=, >, >= or nothing')
    sign = match["sign"] or match["sign2"]
    number = _parse_number(match["number"], full_text)
    if sign in {"-", "−"}:
        number = -number or Decimal()
    rest = match["rest"]
    for pattern, reason in _TRAILING_DIGIT_ERRORS.items() if _DIGIT.search(rest) else ():
        if re.match(pattern, rest):
            _reject(full_text, reason)
    scale, unit, per = _parse_scale_and_unit(rest.strip(), match["lead"], full_text)
    return number, bool(sign), sign == "+", scale, unit, per


def _parse_number(token: str, full_text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(token) or _GERMAN_THOUSAND.fullmatch(token):
        readings = {",": token.replace(".", "").replace(",", "."), ".": token.replace(",", "")}
        values = sorted({Decimal(reading) for point, reading in readings.items() if token.count(point) <= 1})
        if not values:
            _reject(full_text, f'"{token}" is not a number; write digits as in 68,000 or 1.5')
        meanings = " or as ".join(format_number(value, use_scale=False) for value in values)
        _reject(full_text, f'"{token}" can be read as {meanings}; write it that way')
    token = token.replace(",", "")
    if len(token.replace(".", "").strip("0")) > 15:
        _reject(full_text, "a number has at most 15 significant digits")
    if len(token) > 40:
        _reject(full_text, "a number is written with at most 40 digits")
    return Decimal(token)


def _parse_scale_and_unit(rest: str, leading_unit: str | None, full_text: str) -> tuple[int | None, str, str]:
    if not (rest or leading_unit):
        return None, "", ""
    rest = _PER.sub("/", _PER_CENT.sub("%", rest))
    scale = None
    if match := _SCALE.match(rest):
        # A scale is a whole word, or touches a currency: "5 m", "1.5bn€", "20 kEUR", but not "5 kWh".
        tail = rest[match.end() :]
        word = tail.split(" ", 1)[0].split("/", 1)[0]
        if not word or word == "%" or word in CURRENCY_SYMBOLS or word in CURRENCIES:
            scale, rest = SCALES[match[0].lower()], tail.lstrip()
    parts = rest.split("/")
    per = PERIODS_BY_NAME.get(parts[-1].casefold(), "") if len(parts) > 1 else ""
    if per:
        parts.pop()
    names = [_canonical_unit(part, full_text) for part in parts[1:]]
    first = _canonical_unit(parts[0], full_text) if parts[0] else ""
    if leading_unit:
        currency = _canonical_unit(leading_unit, full_text)
        if first not in {"", currency}:
            _reject(full_text, f'"{leading_unit}" and "{parts[0]}" are two units; keep one')
        first = currency
    elif names and not first:
        _reject(full_text, f'"/{parts[1]}" is not a period; write "/year", "/month", "/day", or a unit before the "/"')
    return scale, "/".join([first, *names]), per


def _canonical_unit(name: str, full_text: str) -> str:
    """Return the code of a currency, "%" for percent, and any other unit as written."""
    word = name.split(" ")[0]
    if word in CURRENCY_SYMBOLS:
        word = CURRENCY_SYMBOLS[word]
    elif word in {"¥", "￥"}:
        _reject(full_text, f'"{word}" is the yuan and the yen; write CNY or JPY')
    elif word[-1:] in {"€", "$", "£", "¥", "₹", "₩"}:
        _reject(full_text, f'"{word}" is a currency not known by its sign; write its three letters, such as USD')
    elif word.casefold() in SCALES:
        _reject(full_text, f'"{word}" is a scale, not a unit; write the unit in full, such as metres')
    elif word.casefold() in UNSUPPORTED_SCALES or word[:1] in {"万", "亿", "萬", "億"}:
        _reject(full_text, f'"{word}" is not a supported scale; write k, m, bn or tn')
    if " " in name:
        last = name.split(" ")[-1]
        if last in CURRENCY_SYMBOLS or last.upper() in CURRENCIES:
            # Joined, it would be another unit, and the number wrong by orders of magnitude.
            _reject(full_text, f'"{word}" is not a supported scale; write k, m, bn or tn before {last}')
        joined = "-".join(name.split(" "))
        _reject(full_text, f'"{name}" is more than one word; a unit is one word, such as "{joined}"')
    if not _UNIT.fullmatch(word) or not (word[0].isalpha() or word == "%"):
        _reject(full_text, f'"{word}" is not a unit; a unit is one word of letters, or %')
    folded = word.casefold()
    return UNITS_BY_NAME.get(folded) or (folded.upper() if folded.upper() in CURRENCIES else word)


def _scale_number(number: Decimal, scale: int | None = None) -> Decimal:
    """Return the number times ten to the scale, without an exponent and trailing zeros."""
    text = f"{number.scaleb(scale or 0, EXACT_CONTEXT):f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _reject(text: str, reason: str) -> NoReturn:
    raise QuantityError(f'"{text}": {reason}')
