"""The notations of dates in running text, one per row: a name, and a pattern whose groups the date finder reads.

Earlier rows win, so that the longest notation comes first. A row is a dated point, or counts from the publication day.
Month names need a capital; "May" is a month only before a day or a year, or after a preposition. To accept a new
notation, add a row; the method of `DateFinder` with the name of the row returns the date.
"""

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
# Words that choose a part of a period. The date is the whole period, because nothing says where the part ends.
PART_OF_PERIOD = (
    r"(?:(?:[Ee]arl(?:y|ier)|[Ll]ater?|[Mm]id|[Ss]ometime|(?:[Aa]t )?[Tt]he (?:middle|beginning|start|end|close) of"
    r"|[Tt]he (?:first|second|third|last|final) (?:days?|weeks?|part) of)[ -](?:in |on |of )?(?:the )?)"
)
_PARTS = {
    # A month that needs no other sign, and any month.
    "M": "|".join([*_LONG, *map(str.upper, _LONG), *_SHORT]),
    "F": "|".join([*_LONG, *map(str.upper, _LONG)]),
    "MM": "|".join([*_LONG, *map(str.upper, _LONG), *_SHORT, "May"]),
    "W": "|".join(day.title() for day in WEEKDAYS) + r"|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.(?= [A-Z])",
    "D": r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d| (?:percent|per cent|million|billion)\b)",
    "Y": r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d|%|[-–/]\d)",
    "R": "last year|this year|next year",
    "S": "[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter",
    "O": r"(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|1st|2nd|3rd|4th|final|last)(?= |-)",
    "N": r"(?:\d{1,3}|" + "|".join([*COUNTS, *(word.title() for word in COUNTS)]) + ")",
    "L": "[Ll]ast|[Tt]his(?: past)?|[Nn]ext|[Tt]his coming|[Tt]he (?:past|previous)",
    "A": "(?:(?:early|mid|late)[ -])?",
    "E": PART_OF_PERIOD,
}
_ROWS = (
    ("day", r"{E}?(?:(?:{W}),? )?(?:the )?{D}(?: of)? (?:{MM}),? {Y}"),
    ("day", r"{E}?(?:(?:{W}),? )?(?:{MM}) {D}(?:,? | of ){Y}"),
    ("day", r"(?:1[5-9]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])"),
    ("range", r"{D} ?(?:-|–|to|and) ?{D} (?:{MM}) {Y}"),
    ("range", r"(?:{MM}) {D} ?(?:-|–|to|and|through) ?{D},? {Y}"),
    ("range", r"[Bb]etween (?:{MM})(?: {D})?(?:,? {Y})? and (?:{MM})(?: {D},)? {Y}"),
    (
        "range",
        r"(?:[Ff]rom )?(?:{MM})(?: {D})?(?:,? {Y})?(?: (?:to|through|-|–|until) |–|-)(?:{MM})(?: {D},)? {Y}",
    ),
    ("half", r"{E}?(?:the )?(?P<part>first|second|last|latter|1st|2nd) half of (?P<when>{R}|{Y})"),
    ("half", r"(?P<part>H[12]) ?(?P<when>{Y})|(?P<part2>[12]H) ?(?P<when2>{Y})|(?P<when3>{Y}) ?(?P<part3>H[12])"),
    ("quarter", r"{E}?(?:the )?(?P<part>{O})[ -]quarter(?: of|,)? (?P<when>{R}|(?:the year )?{Y})"),
    ("quarter", r"(?P<part>Q[1-4])(?: of |,? ?)(?P<when>{Y})|(?P<when2>{Y}) ?(?P<part2>Q[1-4])"),
    ("quarter", r"(?P<part>[1-4]Q) ?(?P<when>{Y})"),
    ("quarter", r"(?:the )?(?P<when>{Y}|{R})(?:['’]s)? (?:fiscal[ -])?(?P<part>{O})[ -]quarter"),
    ("season", r"{E}?(?:the )?(?P<season>{S})(?: of|,)? (?P<when>{R}|{Y})"),
    ("season", r"(?P<which>{L}) (?P<season>{S})(?! [A-Z])"),
    ("season", r"(?:(?<=[Ii]n )|(?<=ver |nto |ing ))the (?:early |late )?(?P<season>{S})(?![\w-]| of\b| [A-Z])"),
    ("month", r"{E}?(?P<month>{MM})(?: of|,)? (?P<year>{Y})"),
    ("month_of_year", r"{E}?(?P<month>{MM})(?: (?P<day>{D}))?(?: of|,)? (?P<which>last|this|next) year"),
    ("month_of_year", r"(?P<day>{D})(?: of)? (?P<month>{MM}),? (?P<which>last|this|next) year"),
    ("later", r"{E}?(?:{MM})(?: of|,)? (?:the same|that|the following|the previous) year"),
    ("day_of_month", r"(?:(?:{W}),? )?(?P<month>{MM}) (?P<day>{D})"),
    ("day_of_month", r"(?:(?:{W}),? )?(?P<day>{D})(?: of)? (?P<month>{MM})\b"),
    ("which_month", r"(?P<which>{L}) (?P<month>{MM})\b"),
    ("which_day", r"(?P<which>{L}) (?P<weekday>{W})\b"),
    ("decade", r"(?:the )?{A}(?:the )?(?P<decade>(?:1[5-9]|20)\d0)(?:['’]s|s)\b"),
    ("decade", r"(?:the )?{A}[’'‘](?P<short>[2-9]0)s\b"),
    ("century", r"(?:the )?{A}(?P<century>1[5-9]th|20th|21st)[ -][Cc]entury(?! [A-Z])"),
    ("ago", r"(?P<count>{N}) (?P<unit>day|week|month|year)s? ago"),
    (
        "later",
        r"(?:{N}|[Ss]everal|[Aa] few) (?:day|week|month|quarter|year)s? (?:later|earlier|before|after(?:ward)?s?)"
        r"(?! (?:than|this|in|on|the|that|it|he|she|they)\b)",
    ),
    ("later", r"(?:the )?year-(?:earlier|ago)(?: (?:quarter|period|third quarter|level))?"),
    ("later", r"(?:[Tt]he following|[Tt]he previous|[Tt]hat|[Tt]he same) (?:day|week|month|quarter|year)\b"),
    (
        "which_unit",
        r"{E}?(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]he (?:past|current|coming|latest))"
        r" (?:calendar )?(?P<unit>week|month|quarter|year|weekend)\b(?!-|s\b| (?:and a half|or so|of)\b)",
    ),
    ("which_unit", r"{E}(?P<unit>week|month|year)\b(?! (?:ended|to)\b)"),
    ("which_unit", r"[Tt]he (?P<unit>weekend)\b"),
    (
        "spelled_year",
        r"(?P<century>nineteen|eighteen) (?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
        r"(?:[ -](?P<ones>one|two|three|four|five|six|seven|eight|nine))?\b",
    ),
    ("spelled_year", r"the year two thousand\b"),
    ("year_end", r"(?:(?<=[Bb]y |[Aa]t |[Oo]f )|(?<=ound |ince |fore )|(?<=until ))(?:the )?year(?:-|['’]s | )end\b"),
    ("bare_quarter", r"{E}?(?:the )?(?P<part>{O})[ -]quarter\b(?! (?:century|mile|of (?:a|the) century))"),
    ("named_day", r"{E}?(?P<day>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Ll]ast night)\b"),
    ("named_day", r"(?P<day>[Tt]his (?:morning|afternoon|evening))\b"),
    ("weekday", r"{E}?(?P<weekday>{W})(?:['’]s)?(?! Night\b|s\b)\b"),
    ("recent", r"[Ii]n recent (?:days|weeks)|[Rr]ecently"),
    ("year", r"{E}?(?:the year |(?:calendar|full) year )?(?P<year>{Y})"),
    ("bare_month", r"{E}?(?P<month>{F})(?!\w)"),
    ("bare_month", r"{E}?(?P<month>{M})(?<=\.)"),
    ("bare_month", r"(?:{E}|(?<=[Ii]n )|(?<=[Bb]y )|(?<= of )|(?<=ince )|(?<=ntil )|(?<=uring ))(?P<month>May)\b"),
)
PATTERNS = tuple((name, pattern.format(**_PARTS)) for name, pattern in _ROWS)
_WITHOUT_GROUPS = [re.sub(r"\(\?P<\w+>", "(?:", pattern) for _, pattern in PATTERNS]
_ANY = "|".join(f"(?P<r{number}>{pattern})" for number, pattern in enumerate(_WITHOUT_GROUPS))
ANY_DATE = re.compile(rf"(?<![\w$€£#@/])(?<![\d][.,-])(?=[A-Z0-9a-z’'‘])(?:{_ANY})")
"""Any notation; the name of the matched group is `r` and the number of the row in PATTERNS."""
