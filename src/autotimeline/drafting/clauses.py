"""The parts of a sentence that are one event each, and their titles."""

import re
from collections.abc import Sequence
from itertools import pairwise

from autotimeline.drafting.date_context import PAST_VERBS
from autotimeline.drafting.date_finder import FoundDate

_MAX_TITLE = 110  # characters
_MIN_TITLE_WORDS = 4
_MAX_CLAUSES = 8

_BREAK = re.compile(
    r"; |: | – | — |, (?:and|but|while|which|when|where|after|before|with|then|followed)\b ?|, | and (?=[a-z])| while"
    r" | but "
)
_VERB = re.compile(rf"\b(?:will|would|is|are|has|have|{PAST_VERBS})\b|\w,? [a-z]{{2,}}ed\b")
# After "and", the first word may be the verb: "and opened a plant".
_FIRST_VERB = re.compile(r"[a-z]{2,}ed\b|(?:to|will|began)\b")
_PREPOSITIONS = re.compile(r"\b(?:in|on|at|by|since|during|as of|from|the|and|for)\b", re.IGNORECASE)
_BEFORE_LAST_DATE = re.compile(r"(?i),? (?:in|on|at|by|since|during|as of|for)?(?: the)?$")
_DATELINE = re.compile(r"^[A-Z]{3}[^–—]{0,60}?(?:--|–|—) ?")
_LEADING = re.compile(
    r"^(?:But|And|So|Yet|However|Meanwhile|In addition|Moreover|Also|Still|Separately|Then|Later|Earlier|Instead"
    r"|Furthermore|[Aa]nd|[Bb]ut|[Ww]hile|[Ww]hich|[Ww]hen|[Tt]hen)\b,? "
)
_ATTRIBUTION = re.compile(
    r",? (?:the )?[\w’' .-]{2,40} (?:said|says|reported|announced|t(?:old|ells) [\w ]{2,20}|according to)"
    r"(?: (?:on|in|late|early|last|this)\b[\w ]{0,20})?\.?$|, according to [^,]{2,60}\.?$"
)
_TRAILING = re.compile(r"(?: (?:of|in|on|at|the|an?|for|with|and|to|by|from|its|their|or))+$")
_PUNCTUATION = " ,;:–—.“”\"'"


def split_clauses(text: str, dates: Sequence[FoundDate]) -> list[tuple[int, int, list[FoundDate]]]:
    """Return (start, end, dates) of the parts of a sentence: each has one date if a conjunction separates them."""
    clauses: list[tuple[int, int, list[FoundDate]]] = [(0, len(text), list(dates[:1]))]
    for previous, date in pairwise(dates):
        start, _, earlier = clauses[-1]
        breaks = [
            match
            for match in _BREAK.finditer(text, previous.end, date.start)
            if _VERB.search(text, start, match.start())
            and (_VERB.search(text, match.end()) or ("and" in match[0] and _FIRST_VERB.match(text, match.end())))
            and not _ATTRIBUTION.match(text[match.start() : date.start].rstrip())
        ]
        if not breaks or len(clauses) == _MAX_CLAUSES:
            earlier.append(date)
            continue
        clauses[-1] = (start, breaks[-1].start(), earlier)
        clauses.append((breaks[-1].end(), len(text), [date]))
    return clauses


def make_title(text: str, start: int, end: int, date: FoundDate | None, subject: str = "") -> str:
    """Return a clause of a text without its date, attribution, and first conjunction, cut at a word.

    Args:
        text: The sentence.
        start: The position of the clause.
        end: The position after it.
        date: The date of the event.
        subject: The name to put before a clause that begins in lower case, if it is not the first one.
    """
    clause = text[start:end]
    if date and start <= date.start and date.end <= end:
        before, after = text[start : date.start], text[date.end : end]
        # Only before the rest: "In October 2023, X bought Y"; elsewhere, the clause reads better with it.
        is_first_phrase = not _PREPOSITIONS.sub("", _LEADING.sub("", before)).strip(" ,")
        if is_first_phrase and (after[:1] == "," or not date.text.isdigit()):
            clause = after
        elif not after.strip(_PUNCTUATION):
            clause = _BEFORE_LAST_DATE.sub("", before.rstrip(" ,"))
    clause = _LEADING.sub("", _DATELINE.sub("", clause).strip(f"{_PUNCTUATION}()"))
    clause = _ATTRIBUTION.sub("", re.sub(r" ?\([^()]*\)", "", clause)).strip(_PUNCTUATION)
    if start and subject and clause[:1].islower():
        clause = f"{subject}: {clause}"
    if len(clause) > _MAX_TITLE:
        cut = clause[: _MAX_TITLE + 1]
        comma = cut.rfind(", ")
        clause = cut[:comma] if comma > _MAX_TITLE // 2 else cut.rpartition(" ")[0] or cut[:_MAX_TITLE]
    is_fragment = len(clause.split()) < _MIN_TITLE_WORDS or re.search(r", [a-z]+ed$", clause)
    if is_fragment and end - start < len(text) and (date or not start):
        return make_title(text, start, end, None, subject) if date else make_title(text, 0, len(text), None)
    if clause.count('"') % 2 or clause.count("“") != clause.count("”"):
        clause = re.sub('["“”]', "", clause)
    clause = _TRAILING.sub("", clause).strip(" ,;:–—") or text[:_MAX_TITLE].strip()
    return clause[0].upper() + clause[1:]
