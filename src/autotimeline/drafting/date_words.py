"""The notations of dates in running text, one per row: a name, and a pattern whose groups the date finder reads.

Earlier rows win, so that the longest notation comes first. A row is a dated point, or counts from the publication day.
Month names need a capital; "May" is a month only before a day or a year, or after a preposition.
"""

from __future__ import annotations

import re

from autotimeline.dates.calendar import MONTH_NAMES
from autotimeline.dates.phrases import WEEKDAYS

COUNTS = {
    word: number
    for number, words in enumerate(
        (
            *("", "a an one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
            "twenty",
        )
    )
    for word in words.split()
}
ORDINALS = {
    word: number
    for number, words in {1: "first 1st", 2: "second 2nd", 3: "third 3rd", 4: "fourth 4th final last"}.items()
    for word in words.split()
}
_LONG = [name for name in MONTH_NAMES if name != "May"]
_SHORT = [f"{name[:3]}\\b\\.?" for name in _LONG] + ["Sept\\b\\.?"]
_PARTS = {
    "M": "|".join([*_LONG, *map(str.upper, _LONG), *_SHORT]),  # a month that needs no other sign
    "W": "|".join(f"{day.title()}" for day in WEEKDAYS) + r"|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.(?= [A-Z])",
    "D": r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d| (?:percent|per cent|million|billion)\b)",
    "Y": r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d|%|[-–/]\d)",
    "S": "spring|summer|autumn|fall|winter|Spring|Summer|Autumn|Fall|Winter",
    "O": r"(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|1st|2nd|3rd|4th|final|last)(?= |-)",
    "N": r"(?:\d{1,3}|" + "|".join([*COUNTS, *(word.title() for word in COUNTS)]) + ")",
    # Words that choose a part of a period; the date is the whole period, because nothing says where the part ends.
    "E": (
        r"(?:(?:[Ee]arl(?:y|ier)|[Ll]ate[r]?|[Mm]id|[Ss]ometime|[Tt]he (?:middle|beginning|start|end|close) of"
        r"|[Aa]t the (?:beginning|start|end|close) of|[Tt]he (?:first|second|third|last|final) (?:days?|weeks?|part) of"
        r"|[Tt]he final (?:quarter|months) of)[ -](?:in |on |of )?(?:the )?)"
    ),
}
_ROWS = (
    ("day", r"{E}?(?:(?:{W}),? )?(?:the )?{D}(?: of)? (?:{M}|May),? {Y}"),
    ("day", r"{E}?(?:(?:{W}),? )?(?:{M}|May) {D}(?:,? | of ){Y}"),
    ("days", r"{D} ?(?:-|–|to|and) ?{D} (?:{M}|May) {Y}"),
    ("days", r"(?:{M}|May) {D} ?(?:-|–|to|and|through) ?{D},? {Y}"),
    ("range", r"[Bb]etween (?:{M}|May)(?: {D})?(?:,? {Y})? and (?:{M}|May)(?: {D},)? {Y}"),
    (
        "range",
        r"(?:[Ff]rom )?(?:{M}|May)(?: {D})?(?:,? {Y})?(?: (?:to|through|-|–|until) |–|-)(?:{M}|May)(?: {D},)? {Y}",
    ),
    ("day", r"(?:1[5-9]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])"),
    (
        "half",
        r"{E}?(?:the )?(?P<part>first|second|last|latter|1st|2nd) half of (?P<when>last year|this year|next year|{Y})",
    ),
    ("half", r"(?P<part>H[12]) ?(?P<when>{Y})|(?P<part2>[12]H) ?(?P<when2>{Y})|(?P<when3>{Y}) ?(?P<part3>H[12])"),
    (
        "quarter",
        r"{E}?(?:the )?(?P<part>{O})(?: |-)quarter(?: of|,)? (?P<when>last year|this year|next year|(?:the year )?{Y})",
    ),
    (
        "quarter",
        r"(?P<part>Q[1-4])(?: of |,? ?)(?P<when>{Y})|(?P<part2>[1-4]Q) ?(?P<when2>{Y})|(?P<when3>{Y}) ?(?P<part3>Q[1-4])",
    ),
    (
        "quarter",
        r"(?:the )?(?P<when>{Y}|last year|this year|next year)(?:'s|’s)? (?:fiscal[ -])?(?P<part>{O})(?: |-)quarter",
    ),
    ("season", r"{E}?(?:the )?(?P<season>{S})(?: of|,)? (?P<when>last year|this year|next year|{Y})"),
    ("season", r"(?P<which>[Ll]ast|[Tt]his(?: past)?|[Nn]ext|[Tt]his coming|[Tt]he past) (?P<season>{S})(?! [A-Z])"),
    (
        "season",
        r"(?<=[Ii]n |[Oo]f )(?:the )?(?:early |late )?(?P<season>{S})\b|(?<=ver |nto )the (?:early |late )?(?P<season2>{S})\b",
    ),
    ("month", r"{E}?(?P<month>{M}|May)(?: of|,)? (?P<year>{Y})"),
    (
        "month_of_year",
        r"{E}?(?P<month>{M}|May)(?: (?P<day>{D}))?(?: of|,)? (?P<which>last|this|next|the same|that|the following|the previous) year",
    ),
    ("month_of_year", r"(?P<day>{D})(?: of)? (?P<month>{M}|May),? (?P<which>last|this|next) year"),
    ("day_of_week_of_month", r"(?:(?:{W}),? )(?:(?P<month>{M}|May) (?P<day>{D})|(?P<day2>{D}) (?P<month2>{M}|May))"),
    ("day_of_month", r"(?P<month>{M}|May) (?P<day>{D})|(?P<day2>{D})(?: of)? (?P<month2>{M}|May)\b"),
    ("which_month", r"(?P<which>[Ll]ast|[Tt]his(?: past)?|[Nn]ext|[Tt]his coming) (?P<month>{M}|May)\b"),
    ("which_day", r"(?P<which>[Ll]ast|[Tt]his(?: past)?|[Nn]ext|[Tt]his coming|[Tt]he previous) (?P<weekday>{W})\b"),
    ("decade", r"(?:the )?(?:(?:early|mid|late)[ -])?(?:the )?(?P<decade>(?:1[5-9]|20)\d0)(?:'s|’s|s)\b"),
    ("short_decade", r"(?:the )?(?:(?:early|mid|late)[ -])?[’'‘](?P<decade>[2-9]0)s\b"),
    ("century", r"(?:the )?(?:(?:early|mid|late)[ -])?(?P<century>1[5-9]th|20th|21st)(?: |-)[Cc]entury"),
    (
        "days_ago",
        r"(?:(?:[Aa]bout|[Nn]early|[Aa]lmost|[Mm]ore than|[Ss]ome) )?(?P<count>{N}) (?P<unit>day|week|month|year)s? ago",
    ),
    (
        "later",
        r"(?P<count>{N}|[Ss]everal|[Aa] few) (?P<unit>day|week|month|quarter|year)s? (?P<direction>later|earlier|before|after(?:ward)?s?)(?! (?:than|this|in|on|the|that|it|he|she|they)\b)",
    ),
    ("later", r"(?:the )?(?P<direction>year-(?:earlier|ago))(?: (?:quarter|period|third quarter|level))?"),
    (
        "later",
        r"(?P<direction>[Tt]he following|[Tt]he previous|[Tt]hat|[Tt]he same) (?P<unit>day|week|month|quarter|year)\b",
    ),
    (
        "which_unit",
        r"{E}?(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]he past|[Tt]he current|[Tt]he coming|[Tt]he latest)"
        r" (?:calendar )?(?P<unit>week|month|quarter|year|weekend)\b(?!-|s\b| (?:and a half|or so|of)\b)",
    ),
    ("which_unit", r"{E}(?P<unit>week|month|year)\b(?! (?:ended|to)\b)"),
    ("which_unit", r"(?:[Tt]he )(?P<unit>weekend)\b"),
    ("year_end", r"(?:the )?year(?:-|'s |’s | )end"),
    ("bare_quarter", r"{E}?(?:the )?(?P<part>{O})(?: |-)quarter\b(?! (?:century|mile|of (?:a|the) century))"),
    (
        "named_day",
        r"(?P<part>(?:[Ee]arly|[Ee]arlier|[Ll]ate[r]?) )?(?P<day>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Ll]ast night|[Tt]his (?:morning|afternoon|evening))\b",
    ),
    ("weekday", r"(?:(?:[Ee]arly|[Ee]arlier|[Ll]ate[r]?) )?(?P<weekday>{W})(?:'s|’s)?(?! Night\b|s\b)\b"),
    ("recent", r"[Ii]n recent (?:days|weeks)|[Rr]ecently"),
    ("year", r"{E}?(?:the year |(?:calendar|full) year )?(?P<year>{Y})"),
    (
        "bare_month",
        r"{E}?(?P<month>{M})(?![\w])|(?<=[Ii]n )(?P<month2>May)\b|(?<=[Ss]ince )(?P<month3>May)\b|(?<=[Bb]y )(?P<month4>May)\b|(?<= of )(?P<month5>May)\b|(?<=[Uu]ntil )(?P<month6>May)\b|(?<=[Dd]uring )(?P<month7>May)\b|{E}(?P<month8>May)\b",
    ),
)
PATTERNS = tuple((name, re.compile(pattern.format(**_PARTS))) for name, pattern in _ROWS)
_WITHOUT_GROUPS = [re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern) for _, pattern in PATTERNS]
ANY_DATE = re.compile(
    r"(?<![\w$€£#@/])(?<![\d][.,-])(?=[A-Z0-9a-z’'‘])"
    + "(?:"
    + "|".join(f"(?P<r{number}>{pattern})" for number, pattern in enumerate(_WITHOUT_GROUPS))
    + ")"
)
"""Any notation; the name of the matched group is `r` and the number of the row in PATTERNS."""
