"""The notations of dates in running text, one per row: a name, and a pattern whose groups the date finder reads.

Earlier rows win, so that the longest notation comes first. A row is a dated point, or counts from the publication day.
Month names need a capital; "May" is a month only before a day or a year, or after a preposition. To accept a new
notation, add a row; the method of `DateFinder` with the name of the row returns the date. The date reader of the
store reads the rows "written", "part", and "year".
"""

import re

from autotimeline.dates.calendar import MONTH_NAMES
from autotimeline.dates.phrases import WEEKDAYS

ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
COUNTS = {word: number for number, word in enumerate((*ONES, *_TEENS), 1)}
COUNTS |= {word: 10 * number for number, word in enumerate(TENS, 2)} | {"a": 1, "an": 1}
ORDINALS = {
    word: number
    for number, words in {1: "first 1st", 2: "second 2nd", 3: "third 3rd", 4: "fourth 4th final last"}.items()
    for word in words.split()
} | {f"q{number}": number for number in range(1, 5)}
_LONG = [name for name in MONTH_NAMES if name != "May"]
_SHORT = [f"{name[:3]}\\b\\.?" for name in _LONG] + ["Sept\\b\\.?"]
# Words that choose a part of a period. The date is the whole period, because nothing says where the part ends.
PART_OF_PERIOD = (
    r"(?:(?:[Ee]arl(?:y|ier)|[Ll]ater?|[Mm]id|[Ss]ometime|(?:[Aa]t )?[Tt]he (?:middle|beginning|start|end|close) of"
    r"|[Tt]he (?:first|second|third|last|final) (?:days?|weeks?|part) of)[ -](?:in |on |of )?(?:the )?)"
)
WEEKDAY_NAMES = "|".join(day.title() for day in WEEKDAYS)
MONTH = re.compile(rf"\b(?:{'|'.join(name[:3] for name in MONTH_NAMES)})", re.IGNORECASE)
WEEKDAY_PREFIX = re.compile(rf"^(?:{'|'.join(day[:3].title() for day in WEEKDAYS)})[a-z]*\.?,? (?=[\dA-Z])")
_PARTS = {
    # A month that needs no other sign, and any month.
    "M": "|".join([*_LONG, *map(str.upper, _LONG), *_SHORT]),
    "F": "|".join([*_LONG, *map(str.upper, _LONG)]),
    "MM": "|".join([*_LONG, *map(str.upper, _LONG), *_SHORT, "May"]),
    "W": WEEKDAY_NAMES + r"|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.(?= [A-Z])",
    "D": r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d| (?:percent|per cent|million|billion)\b)",
    "Y": r"(?:1[5-9]|20)\d\d(?!\d|s\b|[.,]\d|%|[-–/]\d)",
    "R": "last year|this year|next year",
    "S": "[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter",
    "O": r"(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|1st|2nd|3rd|4th|final|last)(?= |-)",
    "N": r"(?:\d{1,3}|" + "|".join([*COUNTS, *(word.title() for word in COUNTS)]) + ")",
    "L": "[Ll]ast|[Tt]his(?: past)?|[Nn]ext|[Tt]his coming|[Tt]he (?:past|previous)",
    "E": PART_OF_PERIOD,
}
_ROWS = (
    ("written", r"{E}?(?:(?:{W}),? )?(?:the )?{D}(?: of)? (?:{MM}),? (?:{Y}|{R})"),
    ("written", r"{E}?(?:(?:{W}),? )?(?:{MM}) {D}(?:,? | of )(?:{Y}|{R})"),
    ("written", r"(?:1[5-9]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])"),
    ("written", r"{D} ?(?:-|–|to|and) ?{D} (?:{MM}) {Y}|(?:{MM}) {D} ?(?:-|–|to|and|through) ?{D},? {Y}"),
    ("part", r"{E}?(?:the )?(?:(?:first|second|last|latter) half|{O}[ -]quarter)(?: of|,)? (?:{R}|(?:the year )?{Y})"),
    ("part", r"(?:[QH][1-4]|[1-4][QH])(?: of |,? ?){Y}|{Y} ?[QH][1-4]"),
    ("part", r"(?:the )?(?:{Y}|{R})(?:['’]s)? (?:fiscal[ -])?{O}[ -]quarter"),
    ("written", r"{E}?(?:the )?(?:{S})(?: of|,)? (?:{R}|{Y})"),
    ("part_of_year", r"(?P<which>{L}) (?P<season>{S})(?! [A-Z])"),
    (
        "part_of_year",
        r"(?:(?<=[Ii]n )|(?<=ver |nto |ing )|(?<=of )(?=the (?:early|late)))the (?:early |late )?(?P<season>{S})"
        r"(?![\w-]| of\b| [A-Z])",
    ),
    ("written", r"{E}?(?:{MM})(?: of|,)? (?:{Y}|{R})"),
    ("later", r"{E}?(?P<month>{MM})(?: of|,)? (?:the same|that|the (?P<direction>following|previous)) year"),
    ("day_of_month", r"(?:(?:{W}),? )?(?:(?:{MM}) {D}|{D}(?: of)? (?:{MM})\b)"),
    ("part_of_year", r"(?P<which>{L}) (?P<month>{MM})\b"),
    ("weekday", r"(?P<which>{L}) (?P<weekday>{W})\b|(?P<weekday2>{W}) (?P<week>last|this|next) week\b"),
    ("written", r"(?:the )?{E}?(?:(?:1[5-9]|20)\d0(?:['’]s|s)|[’'‘][2-9]0s)\b(?!-)"),
    ("century", r"(?:the )?{E}?(?P<century>\d{{1,2}})(?:st|nd|rd|th)[ -][Cc]entury(?! [A-Z])"),
    ("ago", r"(?P<count>{N}|[Aa] few|[Ss]everal) (?P<unit>day|week|month|year|decade)s?(?: or so)? ago"),
    (
        "later",
        r"(?P<count>{N}|[Ss]everal|[Aa] few) (?P<unit>day|week|month|quarter|year)s? (?P<direction>later|earlier|before"
        r"|after(?:ward)?s?)(?! (?:than|this|in|on|the|that|it|he|she|they)\b)",
    ),
    ("later", r"(?:the )?year-(?P<direction>earlier|ago)(?: (?:[a-z]+ )?(?:quarter|period))?"),
    ("later", r"[Tt]h(?:e (?:(?P<direction>following|previous)|same)|at) (?P<unit>day|week|month|quarter|year)\b"),
    (
        "unit",
        r"{E}?(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]he (?:past|current|coming|latest))"
        r" (?:calendar )?(?P<unit>week|month|quarter|year|weekend)\b(?!-|s\b| (?:and a half|or so|of)\b)",
    ),
    ("unit", r"{E}(?P<unit>week|month|year|decade)\b(?! (?:ended|to)\b)|[Tt]he (?P<unit2>weekend)\b"),
    ("year_end", r"(?:(?<=[Bb]y |[Aa]t |[Oo]f )|(?<=ound |ince |fore )|(?<=until ))(?:the )?year(?:-|['’]s | )end\b"),
    ("part_of_year", r"{E}?(?:the )?(?P<quarter>{O})[ -]quarter\b(?! (?:century|mile|of(?! [$€£\d])))"),
    ("part_of_year", r"(?:(?<=[Ii]n )|(?<=[Oo]f )|(?<=[Ff]or )|(?<=uring )|(?<=ince ))(?P<quarter>Q[1-4])\b(?! \d)"),
    (
        "named_day",
        r"{E}?(?P<day>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Ll]ast night|[Tt]his (?:morn|even)ing)\b",
    ),
    ("weekday", r"{E}?(?P<weekday>{W})(?:['’]s)?(?! Night\b|s\b)\b"),
    ("recent", r"[Ii]n recent (?:days|weeks)|[Rr]ecently(?! as\b)"),
    ("year", r"{E}?(?:the year |(?:calendar|full) year )?(?P<year>{Y})"),
    ("part_of_year", r"{E}?(?P<month>(?:{F})(?!\w)|(?:{M})(?<=\.))"),
    (
        "part_of_year",
        r"(?:{E}|(?<=[Ii]n )|(?<=[Bb]y )|(?<= of )|(?<=ince )|(?<=ntil )|(?<=uring )|(?<=rom |een ))(?P<month>May)\b",
    ),
)
PATTERNS = tuple((name, pattern.format(**_PARTS)) for name, pattern in _ROWS)
_WITHOUT_GROUPS = [re.sub(r"\(\?P<\w+>", "(?:", pattern) for _, pattern in PATTERNS]
_ANY = "|".join(f"(?P<r{number}>{pattern})" for number, pattern in enumerate(_WITHOUT_GROUPS))
ANY_DATE = re.compile(rf"(?<![\w$€£#@/])(?<![\d][.,:-])(?=[A-Z0-9a-z’'‘])(?:{_ANY})")
"""Any notation; the name of the matched group is `r` and the number of the row in PATTERNS."""
