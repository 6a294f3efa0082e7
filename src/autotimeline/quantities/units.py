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
    "at least ": (">=", "≥", "at least", "not less than", "no less than", "no fewer than"),
    "nearly ": ("nearly", "almost", "just under", "a little under"),
    "a little over ": ("a little over", "a little more than", "just over", "slightly over"),
}
CANONICAL_QUALIFIERS = {word: qualifier for qualifier, words in QUALIFIERS.items() for word in words}
SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "tn": 12, "trillion": 12}
# Parsed as units, these would be wrong by orders of magnitude.
UNSUPPORTED_SCALES = frozenset({"b", "mio", "mrd", "md", "milliard", "crore", "lakh"})
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
UNITS_BY_NAME = {"percent": "%", "pct": "%", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD"}
UNITS_BY_NAME |= {"yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "yen": "JPY"}
