"""Tables of qualifiers, scales, periods, currency symbols, and units. To accept a new word, add an entry."""

# Each canonical qualifier, as displayed, and the words that mean it.
QUALIFIERS = {
    "~": ("~", "≈", "about", "around", "roughly", "approximately", "approx.", "circa", "ca.", "c.", "some"),
    "<": ("<", "fewer than", "less than", "under", "below"),
    "up to ": (
        *("<=", "≤", "up to", "as high as", "as much as", "as many as"),
        *("at most", "not more than", "no more than"),
    ),
    ">": (">", "over", "more than", "above"),
    "at least ": (
        *(">=", "≥", "at least", "as low as", "as little as", "as few as"),
        *("not less than", "no less than", "no fewer than"),
    ),
    "nearly ": ("nearly", "almost", "just under", "a little under"),
    "a little over ": ("a little over", "a little more than", "just over", "slightly over"),
}
CANONICAL_QUALIFIERS = {word: qualifier for qualifier, words in QUALIFIERS.items() for word in words}
SCALES = {
    name: exponent
    for exponent, names in {
        3: ("k", "thousand"),
        5: ("lakh", "lakhs"),
        6: ("m", "mn", "million", "mio", "mio."),
        7: ("crore", "crores"),
        9: ("bn", "billion", "mrd", "mrd.", "mld", "mld."),
        12: ("tn", "trillion", "lakh crore", "lakh crores"),
    }.items()
    for name in names
}
"""The power of ten of each scale."""
CURRENCY_SCALES = {"mm": 6, "b": 9, "t": 12}
"""The scales of amounts of money: for other amounts, they are units."""
# Parsed as units, these would be wrong by orders of magnitude.
UNSUPPORTED_SCALES = frozenset({"b", "md", "milliard", "lac"})
PERIODS_BY_NAME = {
    name: period
    for period, names in {
        "year": ("year", "years", "yr", "y", "annum"),
        "half": ("half", "half-year"),
        "quarter": ("quarter", "quarters", "qtr", "q"),
        "month": ("month", "months", "mo"),
        "week": ("week", "weeks", "w"),
        "day": ("day", "days", "d"),
        "hour": ("hour", "hours", "h"),
    }.items()
    for name in names
}
CURRENCY_SYMBOLS = {"€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "₹": "INR", "₩": "KRW", "HK$": "HKD"}
CURRENCY_SYMBOLS |= {"A$": "AUD", "C$": "CAD", "CN¥": "CNY", "JP¥": "JPY"}
CURRENCY_SYMBOLS |= {"AU$": "AUD", "CA$": "CAD", "NZ$": "NZD", "S$": "SGD"}
UNITS_BY_NAME = {"percent": "%", "pct": "%", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD"}
UNITS_BY_NAME |= {"yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "yen": "JPY"}
_DOLLARS = {"us": "USD", "u.s.": "USD", "hong kong": "HKD", "canadian": "CAD", "australian": "AUD", "singapore": "SGD"}
UNITS_BY_NAME |= {f"{name} {noun}": code for name, code in _DOLLARS.items() for noun in ("dollar", "dollars")}
UNITS_BY_NAME |= {"pounds sterling": "GBP", "swiss francs": "CHF", "japanese yen": "JPY", "chinese yuan": "CNY"}
UNITS_BY_NAME |= {
    f"{unit} {noun}": f"{unit}-points" for unit in ("basis", "percentage") for noun in ("point", "points")
}
