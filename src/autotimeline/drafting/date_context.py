"""The words around a date: whether it is one, whether it is in the past or the future, and what bounds it."""

import re

from autotimeline.dates.calendar import MONTH_NAMES
from autotimeline.drafting.date_words import WEEKDAY_NAMES

_MONTHS = "|".join(MONTH_NAMES)

PAST_VERBS = (
    "said|was|were|had|did|(?:t|s)old|rose|fell|began|won|made|took|saw|led|lost|met|came|went|set up|held|built|left"
    "|became|bought|wrote|spent|paid|grew|gave|got|kept|ran|put|cut"
)
# A future verb with what belongs to it: "will be harvested" is not in the past.
_TENSE = re.compile(
    r"\b(?P<future>(?:will|would|shall|expect(?:s|ed)?|plan(?:s|ned|ning)?|due|scheduled|slated|aim(?:s|ing)?|targets?"
    r"|going|set|is|are|forecasts?|upcoming|intends?|hopes?|deadline|should|could|may|might|agreed|able|wants?"
    r"|offer(?:s|ed)?|supposed|likely)"
    r" to\b|will|would|shall|expect(?:s|ed|ing)?|due|scheduled|slated|upcoming|deadline|payable|effective|redeemable"
    r"|matur(?:es?|ing)|expires?|forecasts?|predict\w*|plan(?:s|ned|ning)?|target(?:s|ed)?|next|to be|won['’]t"
    r"|['’]ll)\b"
    r"(?: (?!in\b|on\b|after\b|before\b|and\b)[\w-]+){0,3}"
    rf"|\b(?P<past>{PAST_VERBS}|(?!need|speed|succeed|indeed)[a-z]{{2,}}ed)\b"
)
_DEADLINE = re.compile(r"\b(since|by|until|till|no later than|through)(?: the| early| late| mid| about)?[ -]$")

# The bound that words before a date mean; without one, they mean that it is not the date of an event.
BOUNDS = {
    word: bound
    for bound, words in {
        "from {}": "since|since the start of|since the beginning of|starting in|starting from|beginning in|from",
        "before {}": "before|prior to",
        "after {}": "after",
        "{} or later": "as early as",
        "by {}": "by|by the end of|no later than|as late as|on or before|until|until the end of|till|through",
        "": "beyond|between",
    }.items()
    for word in words.split("|")
}
BOUND = re.compile(
    rf"\b({'|'.join(sorted(BOUNDS, key=len, reverse=True))}) (?:the )?(?:about |around |at least )?$", re.IGNORECASE
)
ABOUT = re.compile(r"\b(?:about|around|approximately|roughly|circa|c\.|some time around) (?:the )?$", re.IGNORECASE)
MORE_THAN = re.compile(r"\b(?:(more than|over|at least)|less than|under) $", re.IGNORECASE)
WEEK_OF = re.compile(r"\b(?:week|weekend|days) of (?:the )?$")
DEPENDS = "depends on another date"
COMPARED = "is the date of another number"
# Why the date after these words is not that of an event.
_DOUBTS = (
    (
        r"\b(?i:compar(?:ed|es|ing|able)|versus|vs\.?|against|(?:up|down) from"
        r"|(?<!more )(?<!less )(?<!fewer )(?<!later )than|(?:more|less|fewer) than"
        r"(?! (?:an? )?(?:[$€£\d]|(?:half|twice|two|three|four|five|six|dozen|[a-z]+ed)\b))"
        r"|from(?= [^;:]*\d)(?![^;:]* to )) (?:[^,;:]|(?<=\d),(?=\d)){0,60}$",
        COMPARED,
    ),
    (
        r"\b(?:(?:that|which) (?:was|were|is|are)|bonds?|notes?|debt|loans?) due (?:in |on )?$"
        r"|\bmatur(?:es?|ing) (?:in |on )?$",
        "is when something is due",
    ),
    (
        r"\b(?:[a-z]+est|first|worst|best|record|least|most)\b[^,.;:]{0,40} since (?:the |it was \w+ (?:in |on )?)?$",
        "is the date of a record",
    ),
    (
        r"\b(?i:end(?:ed|ing)?|between|(?:year|half|quarter|months|weeks) to) (?:on )?(?:the )?$",
        "is the end of a period",
    ),
)
_DOUBT_PATTERNS = tuple((re.compile(pattern), doubt) for pattern, doubt in _DOUBTS)
_FISCAL = re.compile(r"\bfiscal(?: year)?(?:'s|’s)?[ -](?:the )?$|\b(?:financial|FY) ?(?:year )?$", re.IGNORECASE)
_ENDED = re.compile(r",? (?:that )?(?:to )?end(?:ed|ing)?\b")

_NOT_BEFORE_YEAR = re.compile(
    r"\b(?:Act|Law|Code|Directive|Agenda|Vision|Strategy|Protocol|Convention|Treaty|Amendments?|No\.|[Nn]umber|[Rr]oom"
    r"|[Pp]age|[Ff]light|[Cc]lass) (?:of )?$|\b(?:report|plan|version|edition|model) $|[-–—] ?$|\b\w*[A-Z]\w+ $"
    r"|\b(?:nearly|almost|some|over|than|least|up to|at) $"
    r"|\b(?:fell|rose|dropped|declined|climbed|grew|slipped|jumped) to $"
    r"|\d $"
)
# Words after which a number is a year although a capital begins them.
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:In|Since|By|Until|During|For|Of|From|To|Before|After|Between|And|The|That|This|Its|Their|Under|Both"
    rf"|Through|A|An|{_MONTHS}|[A-Z]\w*['’]s|Around|About|Early|Late|Mid|Summer|Winter|Spring|Fall|Autumn|Games"
    r"|Olympics?|Cup)[ -]|\b(?:mid|early|late)-|\b(?:until|till|through) at least )$"
)
_BORN = re.compile(r"\((?:[^()]*, )?$")
_YEAR_NOUN = re.compile(
    r" (?:(?:[a-z-]+ )?(?:sales|earnings|results|revenues|profits|elections|figures|levels|models|deals|targets|games)"
    r"|[A-Z]\w+|bonds|notes)\b"
)
# A word after a year that makes it a count: "2000 pieces"; "that 1978 resolution calls" has none.
_SINGULAR = re.compile(r"\b(?:[Tt]h(?:at|is)|[Aa]n?) $")
_COUNTED = re.compile(
    r" (?:(?!(?:and|or|but|to|in|on|with|by|for|from|as|when|after|who|that|than)\b)[a-z-]+ )?"
    r"(?:(?!(?:as|was|is|has|does|this|its|his)\b)[a-z-]+s|people|men|women|children|yuan|yen)\b"
)
_MEASURE = re.compile(
    r"-[a-z]| \d{4}\b| (?:mm?|cm|km|kg|cc|Nm|ft|mph|rpm|hp|MW|kW|GMT|UTC|hours|block)\b"
    r"| (?:[A-Z]\w+ ){1,2}(?:Avenue|Street|Road|Drive|Lane|Boulevard)\b"
)
# After a month that begins a sentence; otherwise, it may be a name: "April showers".
_AFTER_FIRST_MONTH = re.compile(
    r"['’]s|[,.]?$|,| (?:is|was|will|has|had|saw|to|and|or|through|sales|deliver\w+|figures|results|(?:ex|im)ports"
    r"|production|output|data|inflation|orders|registrations|revenues?|futures|shipments|profits?|numbers|reports?|elections?|talks)\b"
)
_HABIT = re.compile(r"(?: is| are)? (?:usually|typically|often|always|normally|traditionally)\b")
_BEFORE_MONTH = re.compile(
    r"\b(?:this|an?|in|since|by|until|till|of|from|to|before|after|during|for|and|or|through|between|early|late|mid"
    r"|end|(?:early|late|recently) as)[ -]$",
    re.IGNORECASE,
)
_AND_NAME = re.compile(rf"\b(?!(?:{_MONTHS})\b)\w+,? (?:and|or) $")
_BEFORE_WEEKDAY_NAME = re.compile(
    r"\b(?:the|a|every|each|any|most|other|Black|Good|Ash|Palm|Easter|Super|Cyber|Casual|Ruby|Happy) $"
    rf"|\b(?:{WEEKDAY_NAMES})(?: to | through | ?[-–] ?)$",
    re.IGNORECASE,
)
CLOSED_DAY = re.compile(r"(?:['’]s)? (?:clos(?:e|ing)|trading|session|announcement|statement|report)\b")
_WEEKDAY_RANGE = re.compile(rf"(?: to | through | ?[-–] ?)(?:{WEEKDAY_NAMES})\b")
_TODAYS = re.compile(r"['’]s (?:world|society|age|era|economy|market|environment|climate|terms|standards|\w+ world)\b")


def is_date(name: str, groups: dict[str, str], text: str, before: str, after: str) -> bool:
    """Return whether the words around a notation of `date_words` let it be a date."""
    if name in ("part_of_year", "weekday") and _HABIT.match(after):
        return False
    if name == "year":
        return _is_year(groups["year"], before, after)
    if name == "part_of_year" and "month" in groups and "which" not in groups:
        return _is_month(text, before, after)
    if name == "named_day":
        return not (re.search(r"\b(?:of|[A-Z]{2,}) $", before) or _TODAYS.match(after))
    if name == "weekday" and "which" not in groups:
        return not (_BEFORE_WEEKDAY_NAME.search(before) or _WEEKDAY_RANGE.match(after))
    return True


def _is_year(year: str, before: str, after: str) -> bool:
    """Return whether a number is a year: not in "(American, 1968)", "Act of 1934", or "2000 pieces"."""
    if _NOT_BEFORE_YEAR.search(before) and not _BEFORE_YEAR.search(before):
        return False
    is_round = year.endswith("00") and re.search(r"\b(?:[Aa]bout|[Aa]round) $", before)
    if is_round or _MEASURE.match(after) or (after[:1] == ")" and _BORN.search(before)):
        return False
    return bool(_YEAR_NOUN.match(after) or _SINGULAR.search(before)) or not _COUNTED.match(after)


def _is_month(text: str, before: str, after: str) -> bool:
    """Return whether a bare month is not a name, such as "April Jones"."""
    if re.match(r"[ -][A-Z][a-z]| of [A-Z]", after) or before.endswith(". "):
        return bool(_BEFORE_MONTH.search(before)) and not _AND_NAME.search(before)
    is_subject = " " not in text and before and not after.startswith(("'s", "’s", ","))
    if not before and " " not in text and not _AFTER_FIRST_MONTH.match(after):
        return False
    return not is_subject or bool(_BEFORE_MONTH.search(before))


def doubt_after(before: str, *, may_compare: bool) -> str:
    """Return why the date after some words is not that of an event; empty if it may be."""
    doubts = (
        doubt for pattern, doubt in _DOUBT_PATTERNS if (may_compare or doubt != COMPARED) and pattern.search(before)
    )
    return next(doubts, "")


def is_fiscal(name: str, text: str, before: str, after: str) -> bool:
    """Return whether a quarter or a year is that of a company: "fiscal 2024", "the quarter that ended in May"."""
    is_period = name in ("part", "part_of_year", "year", "unit")
    return is_period and bool(_FISCAL.search(before) or "fiscal" in text.lower() or _ENDED.match(after))


def tense_before(sentence: str, position: int) -> str:
    """Return "future" or "past" for the last verb before a date that refers to one; empty if there is none."""
    before = sentence[max(0, position - 120) : position]
    found = [match.lastgroup or "future" for match in _TENSE.finditer(re.split(r"[;:]", before)[-1])]
    if word := _DEADLINE.search(before[-40:]):
        if word[1] == "since":
            return "past"
        if word[1] != "by" or found[-1:] != ["past"]:
            return "future"
    return found[-1] if found else ""
