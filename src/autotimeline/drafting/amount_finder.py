"""Amounts in running text: numbers with a currency, `%`, or a unit of a closed list, read by the quantity parser.

A number whose reading is in doubt is not an amount: "15 USD 50", "1 . 6 billion", "2022 sales".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autotimeline.drafting.date_words import COUNTS, ONES, TENS
from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import CURRENCIES, Quantity, unit_key
from autotimeline.quantities.units import CANONICAL_QUALIFIERS, CURRENCY_SYMBOLS, UNITS_BY_NAME

_FRACTIONS = {"": "", "½": ".5", "1/2": ".5", "¼": ".25", "1/4": ".25", "¾": ".75", "3/4": ".75"}
# Units as a draft writes them, each with more words of the text that mean it, also before a hyphen ("six-mile").
_UNIT_WORDS = (
    "km,kilometer,kilometre;miles,mile;meters,meter,metre;cm,centimeter,centimetre;mm,millimeter,millimetre"
    ";feet,foot,ft;inches,inch;km2,km²,square kilometer,square kilometre,sq km;square-meters,square meter,square metre"
    ",m2,m²,sq m;square-feet,square feet,square foot,sq ft;cubic-feet,cubic feet,cubic foot;cubic-meters,cubic meter"
    ",cubic metre,m3,m³;acres,acre;hectares,hectare,ha;tonnes,tonne,metric ton;tons,ton;kg,kilogram,kilo;grams,gram"
    ",gramme;micrograms,microgram,microgramme,μg,mcg;pounds,pound,lb,lbs;ounces,ounce;gallons,gallon;liters,liter,litre"
    ";ml,milliliter,millilitre;barrels,barrel;mph,miles an hour,miles per hour;km/hour,km/h,kph,kilometers per hour"
    ",kilometres per hour,kilometers an hour;GWh;MWh;kWh;TWh;GW;MW;kW;GB;TB;MB;kHz;MHz;GHz"
    ";cents,cent;INR,rupees;KRW,won;RUB,rubles,roubles;TRY,Turkish lira;CAD,Canadian dollars"
    ";%,percent,per cent,percentage"
)
# Currencies of several countries, and parts of currencies, are units.
MONEY_UNITS = (
    *("cents", "pence", "marks", "francs", "pesos", "pesetas", "guilders", "kroner", "kronor", "zloty", "rand"),
    *("shekels", "baht"),
)
UNITS = {unit: words for unit, *words in (row.split(",") for row in _UNIT_WORDS.split(";"))}
UNITS |= {unit: UNITS.get(unit, []) for unit in MONEY_UNITS}
# What people count; other nouns are units only after "1.9 million" and "74,000".
_COUNTED = (
    "vehicles|cars|trucks|units|buses|motorcycles|batteries|modules|models|plants|people|persons|employees|workers|jobs"
    "|staff|executives|officials|directors|delegates|positions|layoffs|stores|shops|outlets|branches|dealers|dealerships"
    "|showrooms|factories|sites|customers|users|subscribers|members|owners|homes|households|apartments|aircraft|planes"
    "|jets|helicopters|ships|vessels|satellites|shares|patients|students|pupils|soldiers|troops|refugees|passengers"
    "|flights|visitors|guests|orders|stations|chargers|patents|lawsuits|claims|votes|seats|deaths|casualties|suppliers"
    "|robots|chips|wafers|tickets|copies|downloads|rooms|engineers|researchers|scientists|turbines|panels|beds|cases"
    "|tests|doses|species|houses|complaints|days|months"
)
# Qualifiers of texts, which a person does not write in a store.
_QUALIFIERS = {
    **dict.fromkeys(("close to", "an estimated", "estimated"), "~"),
    **dict.fromkeys(("exceed", "exceeds", "exceeded", "exceeding", "in excess of", "surpassed", "topped"), ">"),
}
_SCALE_LETTERS = {"mln": "million", **dict.fromkeys("mM", "million"), **dict.fromkeys("bB", "billion"), "T": "trillion"}
_SCALES = "thousand|lakh crore|lakhs?|million|mn|mln|crores?|billion|bn|trillion|tn"


def _unit_pattern() -> tuple[str, dict[str, str]]:
    names: dict[str, str] = {}
    for unit, words in UNITS.items():
        plurals = [f"{word}s" for word in words if len(word) > 3 and word.isascii()]
        names |= dict.fromkeys((unit, *words, *plurals), unit)
    names |= UNITS_BY_NAME | CURRENCY_SYMBOLS | {code: code for code in CURRENCIES}
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True))), names


_UNIT, _UNIT_NAMES = _unit_pattern()
_ONES = "|".join(ONES)
_WORDS = (
    rf"(?:a dozen|(?:{_ONES}) hundred|(?:{'|'.join(TENS)})(?:[ -](?:{_ONES}))?"
    rf"|{'|'.join(sorted(COUNTS.keys() - {'a', 'an'}, key=len, reverse=True))})"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!,?\d)|\d+(?:\.\d+)?(?!,\d)"
_CODES = "|".join(sorted(CURRENCIES))
_SIGNS = "|".join(map(re.escape, sorted(CURRENCY_SYMBOLS, key=len, reverse=True)))
_DOLLAR_PREFIX = r"[Uu]\.?[Ss]\.?|[Cc]|[A-Z]{1,3}"
# A sentence may begin with a qualifier.
_QUALIFIER = "|".join(
    f"[{word[0]}{word[0].upper()}]{re.escape(word[1:])}\\b" if word[-1].isalpha() else re.escape(word)
    for word in sorted((*CANONICAL_QUALIFIERS, *_QUALIFIERS), key=len, reverse=True)
)
_NOT_COUNTED = (
    r"(?:a|an|the|of|in|on|at|to|by|for|from|with|and|or|as|was|is|has|its|his|this|that|than|fewer|less|years|months|weeks"
    r"|days|hours|minutes|seconds|times|points|percents"
    r"|says|takes|makes|needs|costs|uses|starts|rises|falls|remains|includes)\b"
)
_ADJECTIVE = rf"(?!{_NOT_COUNTED})[A-Za-z][A-Za-z'’-]*"
_AMOUNT = re.compile(
    rf"(?P<about>(?<!\w)(?:{_QUALIFIER}) (?:an? )?(?:estimated )?|[<>~] ?)?"
    r"(?<![\w.,%/=$€£#])(?<!\d )(?<!\d [.,] )(?<!\d[-–])(?<!\w-)"
    r"(?P<minus>minus |[-−](?=[\d$€£]))?"
    rf"(?:(?P<sign>(?:{_DOLLAR_PREFIX})? ?(?:{_SIGNS})|\b(?:{_CODES})) ?)?"
    rf"(?:(?<=etween )(?P<low>{_DIGITS}) and |(?P<first>{_DIGITS}) ?(?:-|–|to) ?)?"
    rf"(?P<number>(?:{_DIGITS})(?: ?[½¼¾]| 1/2| 1/4| 3/4)?|{_WORDS}(?=[ -]))"
    rf"(?![\d/]| ?\. ?\d|,\d|:\d)(?P<middle>[ -]?(?:{_UNIT})(?= ?(?:{_SCALES})\b))?"
    rf"(?:[ -]?(?P<scale>(?:{_SCALES})\b|[kMBT](?![A-Za-z])|[kM](?=(?:{_CODES})\b)"
    r"|(?(sign)[mb]\b|m(?= (?:euros|dollars|yuan|pounds)\b))))?"
    rf"(?:[ -]?(?P<unit>{_UNIT})(?![\w²³])|(?P<noun>(?:[ -]{_ADJECTIVE}){{0,2}}? (?:{_COUNTED})\b)"
    rf"|(?P<plural>(?: {_ADJECTIVE}){{0,2}}? (?!{_NOT_COUNTED})[a-z][a-z-]+[^\Ws]s\b(?!-)))?"
    r"(?!(?<=\d)\w)(?P<per>(?: |-)(?:an?|per)(?: |-)(?P<period>year|month|week|day|hour|quarter)\b)?",
)
_NUMBER = re.compile(
    rf"(?P<about>\b(?:{_QUALIFIER}) (?:an? )?)?(?<![\w.,$€£])(?P<number>{_DIGITS}|{_WORDS})\b"
    rf"(?: (?P<scale>{_SCALES})\b)?(?=(?P<words>(?: [\w-]+){{0,3}}))",
    re.IGNORECASE,
)
_COMPARING = re.compile(r"\b(?:compared (?:with|to)|(?:up|down) from|from|versus|against|and|to) $")
_NO_UNIT = re.compile(rf"[,.;)]|$| (?:in|the|for|and|last|(?:\d+|{'|'.join(COUNTS)}) (?:year|month|quarter|week)s?)\b")
# What follows makes the amount larger: "3 dollars 50 cents", "5 feet 2 inches", "one dollar and two".
_CONTINUED = re.compile(rf" (?:and )?(?:\d+(?! ?%)(?![\d,.]* (?:{_SCALES}))|{_WORDS}\b)")
_RANGE_VERB = re.compile(r"\b(?:rang\w+|var(?:y|ies)|estimates?|anywhere) from $")
# A line of a table, not a share: "percent of twenty". The floor for percentages in amounts.tsv needs it.
_REVERSED = re.compile(rf"per ?cents? of ({_DIGITS}|{_WORDS})", re.IGNORECASE)
_DIVIDED_UNITS = CURRENCIES | {"feet", "miles", "pounds", "meters"}
_MAX_RATIO = 100  # Numbers that are compared have similar sizes.
_DURATION = re.compile(r"\b(?:in|within|took|lasted)(?: just| only)? $")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount in a text: its position, its words, and the quantity."""

    start: int
    end: int
    text: str
    quantity: Quantity


def find_amounts(sentence: str) -> list[FoundAmount]:
    """Return the amounts of a sentence in order."""
    if words := _REVERSED.fullmatch(sentence):
        return [FoundAmount(0, len(sentence), sentence, parse_quantity(f"{_digits(words[1])}%"))]
    amounts: list[FoundAmount] = []
    continued = -9
    for match in _AMOUNT.finditer(sentence):
        found = _read(sentence, match)
        if found and _CONTINUED.match(sentence, match.end()) and found.quantity.unit in _DIVIDED_UNITS:
            # "3 dollars 50 cents", "5 feet 2 inches": both parts are one amount.
            continued = match.end()
        elif found and found.start > continued + 5:
            amounts.append(found)
    amounts = _join_ranges(sentence, amounts)
    return sorted([*amounts, *_compared_numbers(sentence, amounts)], key=lambda amount: amount.start)


def _join_ranges(sentence: str, amounts: list[FoundAmount]) -> list[FoundAmount]:
    """Return the amounts, with two that are the ends of a range as one: "$1.2 million to $1.3 million"."""
    joined: list[FoundAmount] = []
    for amount in amounts:
        first = joined[-1] if joined else amount
        before, joint = sentence[max(0, first.start - 30) : first.start], sentence[first.end : amount.start]
        low, high = first.quantity, amount.quantity
        is_range = joint == " and " if before.lower().endswith("between ") else joint in (" to ", "-", "–", " – ")
        has_ends = low.low == low.high and high.low == high.high and low.unit == high.unit and not high.per
        quantity = None
        if is_range and has_ends and not _is_change(before):
            quantity = _try_quantity(f"{low.low}..{high.high} {low.unit}")
        if quantity:
            joined[-1] = FoundAmount(first.start, amount.end, sentence[first.start : amount.end], quantity)
        else:
            joined.append(amount)
    return joined


def _is_change(before: str) -> bool:
    """Return whether "from" before an amount begins a change, not a range: "rose from 3% to 5%"."""
    return before.endswith("from ") and not _RANGE_VERB.search(before)


def _compared_numbers(sentence: str, amounts: list[FoundAmount]) -> Iterator[FoundAmount]:
    """Yield numbers with the unit of the amount before them: "68,000 vehicles, compared with nearly 1 million"."""
    for number in find_numbers(sentence, "") if amounts else ():
        is_large = "," in number.text or re.search(rf"(?:{_SCALES})$", number.text)
        is_compared = _COMPARING.search(sentence, 0, number.start) and _NO_UNIT.match(sentence, number.end)
        if not (is_large and is_compared) or any(a.start < number.end and number.start < a.end for a in amounts):
            continue
        earlier = [a for a in amounts if a.end <= number.start and _is_comparable(a.quantity, number.quantity)]
        if earlier and (quantity := _try_quantity(f"{number.quantity.shown} {earlier[-1].quantity.unit}")):
            yield replace(number, quantity=quantity)


def _is_comparable(amount: Quantity, number: Quantity) -> bool:
    size, other = amount.high or amount.low or 0, number.high or 0
    return amount.unit != "%" and size <= _MAX_RATIO * other and other <= _MAX_RATIO * size


def _read(sentence: str, match: re.Match[str]) -> FoundAmount | None:
    sign, unit, noun, middle = (match[name] or "" for name in ("sign", "unit", "noun", "middle"))
    # Other nouns are units only of numbers that are not years.
    if match["plural"] and not sign and (match["scale"] or "," in match["number"]):
        noun = match["plural"]
    if not (sign or unit or noun or middle) or (noun and _is_year(match["number"], match["scale"])):
        return None
    before = sentence[max(0, match.start() - 40) : match.start()]
    if before.rstrip().endswith("=") or sentence.startswith((" =", "="), match.end()):
        return None  # a rate
    if noun:
        code = noun.rsplit(" ", 1)[-1]
        if code in ("days", "months") and not (match["number"][0].isdigit() and _DURATION.search(before)):
            return None
    else:
        name = (unit or middle.strip(" -") or sign).strip()
        code = _UNIT_NAMES.get(name) or _UNIT_NAMES.get(name.lower()) or _sign_code(name)
    if code == "pounds" and match["scale"]:
        code = "GBP"
    if not code or (sign and unit and _sign_code(sign) != _UNIT_NAMES.get(unit.lower(), unit)):
        code = _sign_code(sign)  # "$10 for 5%": the unit belongs to another number.
    low = match["low"] or ("" if _is_change(before) else match["first"])
    scale = _SCALE_LETTERS.get(match["scale"], match["scale"] or "")
    number = f"{f'{low}..' if low else ''}{'-' if match['minus'] else ''}{_digits(match['number'])}"
    per = f"/{match['period']}" if match["period"] else ""
    quantity = _try_quantity(f"{_qualifier(match['about'])} {number} {scale} {code}{per}") if code else None
    printed = match[0].strip()
    start = match.start() + match[0].index(printed)
    return FoundAmount(start, start + len(printed), printed, quantity) if quantity else None


def _try_quantity(text: str) -> Quantity | None:
    try:
        return parse_quantity(text)
    except QuantityError:
        return None


def _qualifier(words: str | None) -> str:
    text = (words or "").strip().lower()
    if qualifier := _QUALIFIERS.get(text.removesuffix(" an").removesuffix(" a")):
        return qualifier
    return re.sub(r" (?:an?)?(?: ?estimated)?$", "", text)


def find_numbers(sentence: str, unit: str) -> list[FoundAmount]:
    """Return the numbers of a sentence that this unit follows within three words; "" is a number without a unit."""
    found = []
    for match in _NUMBER.finditer(sentence):
        if unit and unit_key(unit) not in map(unit_key, match["words"].casefold().split()):
            continue
        number = f"{_digits(match['number'])} {match['scale'] or ''}"
        if quantity := _try_quantity(f"{_qualifier(match['about'])} {number} {unit}"):
            end = max(match.end("number"), match.end("scale"))
            found.append(FoundAmount(match.start(), end, sentence[match.start() : end], quantity))
    return found


def _sign_code(sign: str) -> str:
    """Return the currency of a sign such as "US$", "C $", "EUR"; empty if it has several."""
    text = sign.replace(" ", "").replace(".", "").upper()
    code = text if text in CURRENCIES else CURRENCY_SYMBOLS.get(text, "")
    prefix = text.removesuffix("$")
    return code or (prefix if prefix in CURRENCIES else "")


def _digits(text: str) -> str:
    """Return a number in digits, also of "10 1/2" and of "one hundred"."""
    text = text.lower()
    if text[0].isdigit():
        whole, fraction = re.fullmatch(r"([\d.,]+) ?(.*)", text).groups()  # type: ignore[union-attr]  # it has digits
        return whole + _FRACTIONS[fraction]
    total = 0
    for word in re.split("[ -]", text.replace("a dozen", "twelve")):
        total = total * 100 if word == "hundred" else total + COUNTS[word]
    return str(total)


def _is_year(number: str, scale: str | None) -> bool:
    return bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", number)) and not scale
