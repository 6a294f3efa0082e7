"""The parts of a sentence that are one event each, and their titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
_BEFORE_LAST_DATE = re.compile(r"(?i),? (?:in|on|at|by|since|during|over|as of|for)?(?: the)?$")
_DATELINE = re.compile(r"^[A-Z]{3}[^–—]{0,60}?(?:--|–|—| - ) ?")
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


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text with its dates; the first one is that of the event."""

    text: str
    start: int
    end: int
    dates: tuple[FoundDate, ...] = ()

    @property
    def words(self) -> str:
        """The words of the part."""
        return self.text[self.start : self.end]


def split_clauses(text: str, dates: Sequence[FoundDate]) -> list[Clause]:
    """Return the parts of a sentence: each has one date if a conjunction separates them."""
    clauses = [Clause(text, 0, len(text), tuple(dates[:1]))]
    for previous, date in pairwise(dates):
        last = clauses[-1]
        breaks = [
            match
            for match in _BREAK.finditer(text, previous.end, date.start)
            if _VERB.search(text, last.start, match.start())
            and (_VERB.search(text, match.end()) or ("and" in match[0] and _FIRST_VERB.match(text, match.end())))
            and not _ATTRIBUTION.match(text[match.start() : date.start].rstrip())
        ]
        if breaks and len(clauses) < _MAX_CLAUSES:
            clauses[-1:] = [
                replace(last, end=breaks[-1].start()),
                Clause(text, breaks[-1].end(), len(text), (date,)),
            ]
        else:
            clauses[-1] = replace(last, dates=(*last.dates, date))
    return clauses


def make_title(part: Clause, subject: str = "") -> str:
    """Return a clause without its date, attribution, and first conjunction, cut at a word.

    Args:
        part: The clause.
        subject: The name to put before a clause that begins in lower case, if it is not the first one.
    """
    text, clause, date = part.text, part.words, part.dates[0] if part.dates else None
    if date and part.start <= date.start and date.end <= part.end:
        before, after = text[part.start : date.start], text[date.end : part.end]
        # Only before the rest: "In October 2023, X bought Y"; elsewhere, the clause reads better with it.
        is_first_phrase = not _PREPOSITIONS.sub("", _LEADING.sub("", before)).strip(" ,")
        if is_first_phrase and (after[:1] == "," or not date.text.isdigit()):
            clause = after
        elif not after.strip(_PUNCTUATION):
            clause = _BEFORE_LAST_DATE.sub("", before.rstrip(" ,"))
    clause = _LEADING.sub("", _DATELINE.sub("", clause).strip(f"{_PUNCTUATION}()"))
    clause = _ATTRIBUTION.sub("", re.sub(r" ?\([^()]*\)", "", clause)).strip(_PUNCTUATION)
    if part.start and subject and clause[:1].islower():
        clause = f"{subject}: {clause}"
    if len(clause) > _MAX_TITLE:
        cut = clause[: _MAX_TITLE + 1]
        comma = cut.rfind(", ")
        clause = cut[:comma] if comma > _MAX_TITLE // 2 else cut.rpartition(" ")[0] or cut[:_MAX_TITLE]
    is_fragment = len(clause.split()) < _MIN_TITLE_WORDS or re.search(r", [a-z]+ed$", clause)
    if is_fragment and part.words != text and (date or not part.start):
        return make_title(replace(part, dates=()) if date else Clause(text, 0, len(text)), subject)
    if clause.count('"') % 2 or clause.count("“") != clause.count("”"):
        clause = re.sub('["“”]', "", clause)
    clause = _TRAILING.sub("", clause).strip(" ,;:–—") or text[:_MAX_TITLE].strip()
    return clause[0].upper() + clause[1:]
