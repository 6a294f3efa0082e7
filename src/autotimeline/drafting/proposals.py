"""Proposed events: a sentence with its dates, amounts, names, and status, and the reasons to check it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.drafting.amount_finder import FoundAmount, find_amounts
from autotimeline.drafting.article import Article, Sentence
from autotimeline.drafting.date_finder import COMPARED, DEPENDS, DateFinder, FoundDate
from autotimeline.drafting.name_finder import NameFinder, find_new_names, find_places, is_company
from autotimeline.keys import EVENT
from autotimeline.quantities.quantity import CURRENCIES
from autotimeline.query.selection import Selection
from autotimeline.reports.duplicates import find_duplicates
from autotimeline.store.parse import parse_entry
from autotimeline.store.saved_copy import QuoteSearch, normalize
from autotimeline.store.table_reader import slugify

TAKEN = ("dated", "numbers", "all")
"""Which sentences become proposals: with a date, also those with an amount or a plan, or all."""
MAX_SENTENCE = 1000
"""The characters of a sentence; a longer one is a table or a list."""
_MAX_TITLE = 110
_MAX_CLAUSES = 8
_MAX_OTHER_DATES = 5
_MIN_TITLE_WORDS = 4
_MAX_DUPLICATE_CHECKS = 300
_COMPARED_DISTANCE = 25  # characters from the number to its date
_METRIC_DISTANCE = 120  # characters; those before the amount count double
_MIN_MENTIONS = 2  # A new name that the article mentions less often is an actor only if it is a company's.

_PLAN = re.compile(
    r"\b(?:will|(?:plan(?:s|ned)?|intends?|aims?|expects?) to|announced plans|targets?|(?:is|are) to (?!be sure)"
    r"|(?:is|are) (?:expected|set|due|scheduled|planned|slated) to)\b"
)
_REPORTED = re.compile(
    r"\b(?:reportedly|allegedly|rumou?r\w*|sources? (?:said|say|familiar)|people familiar|media report(?:s|ed)?"
    r"|unconfirmed|according to (?:people|sources|media|reports?)|(?:is|are) said to|reports? sa(?:y|id))\b",
    re.IGNORECASE,
)
_ANTECEDENT = re.compile(
    r"\b[Tt]he (?:joint venture|group|company|carmaker|automaker|manufacturer|firm|bank|venture|agency|ministry|startup"
    r"|brand|plant)\b|^(?:It|They|He|She)\b"
)
_CLAUSE_BREAK = re.compile(
    r"; |: | – | — |, (?:and|but|while|which|when|where|after|before|with|then|followed)\b ?|, | and (?=[a-z])| while"
    r" | but "
)
_VERB = re.compile(
    r"\b(?:will|would|was|were|is|are|has|had|have|did|fell|rose|began|won|said|led|held|built|took|made|left|met|became"
    r"|went|came|saw|set up|bought|sold)\b|\w,? [a-z]{2,}ed\b"
)
# After "and", the first word may be the verb: "and opened a plant".
_FIRST_VERB = re.compile(r"[a-z]{2,}ed\b|(?:to|will|began)\b")
_PREPOSITIONS = re.compile(r"\b(?:in|on|at|by|since|during|as of|from|the|and|for)\b", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:But|And|So|Yet|However|Meanwhile|In addition|Moreover|Also|Still|Separately|Then|Later|Earlier|Instead"
    r"|Furthermore|[Aa]nd|[Bb]ut|[Ww]hile|[Ww]hich|[Ww]hen|[Tt]hen)\b,? "
)
_ATTRIBUTION = re.compile(
    r",? (?:the )?[\w’' .-]{2,40} (?:said|says|reported|announced|t(?:old|ells) [\w ]{2,20}|according to)"
    r"(?: (?:on|in|late|early) [\w ]{3,20})?\.?$|, according to [^,]{2,60}\.?$"
)
_TRAILING = re.compile(r"(?: (?:of|in|on|at|the|an?|for|with|and|to|by|from|its|their|or))+$")

# The metric of an amount by the nearest of these words, for each kind of unit; without one, by the unit.
_METRICS: dict[str, tuple[tuple[str, str], ...]] = {
    "%": (
        (
            "stake",
            r"stakes?|shareholding|hold(?:s|ing)?|held|interest in|owns?|owned|shareholders?|equity|buy|bought"
            r"|acquir\w*",
        ),
        ("market-share", r"market share|share of (?:the )?\w+ market"),
        ("margin", r"margins?"),
        ("tariff", r"tariffs?|duty|duties"),
        ("discount", r"discounts?"),
        ("interest-rate", r"interest rates?|coupon|yield"),
        ("unemployment", r"unemployment|jobless"),
        ("inflation", r"inflation"),
        (
            "change",
            r"rose|fell|grew|growth|(?:in|de)creased?|declined?|dropped?|up|down|gained?|lost|slipped|jumped|cut|higher"
            r"|lower",
        ),
    ),
    "money": (
        ("investment", r"invest\w*|spend(?:ing)?|capital expenditure|build|construct"),
        ("revenue", r"revenues?|sales|turnover"),
        ("profit", r"profits?|net income|earnings|earned"),
        ("loss", r"loss(?:es)?|lost"),
        ("debt", r"debts?|loans?|credit|bonds?|owes?|owed|borrow\w*"),
        ("fine", r"fines?|fined|penalty|penalties|settlement"),
        ("raised", r"raised?|funding|financing|round"),
        ("valuation", r"valu(?:ed|ation|es?)|worth"),
        ("savings", r"savings?|save"),
        ("budget", r"budget"),
        ("price", r"price[ds]?|costs?|paid|pay|bought|buy|acquir\w*|purchased?|sold|sell|deal"),
    ),
    "products": (
        ("sales", r"sold|sales|sell(?:ing)?|deliver\w*|registr\w*|registered"),
        ("capacity", r"capacity|capable"),
        ("output", r"produc\w*|output|built|build|assembl\w*|rolled"),
        ("exports", r"export\w*"),
        ("recall", r"recall\w*"),
    ),
    "staff": (
        ("layoffs", r"lay(?:ing)? off|laid off|layoffs|cut|dismiss\w*|redundan\w*"),
        ("jobs", r"hir\w*|creat\w*"),
    ),
}
_PRODUCT_UNITS = (
    "vehicles cars trucks units buses motorcycles batteries modules aircraft planes jets chips wafers turbines panels"
    " barrels tonnes tons gallons tickets copies houses"
)
_PRODUCTS = frozenset(_PRODUCT_UNITS.split())
_STAFF = frozenset(("employees", "workers", "jobs", "staff", "positions", "people", "engineers"))
_UNIT_METRICS = {
    **dict.fromkeys(("days", "months"), "duration"),
    **dict.fromkeys(("GWh", "MWh", "kWh", "TWh", "GW", "MW", "kW"), "capacity"),
    **dict.fromkeys(("km", "miles"), "distance"),
}


@dataclass
class Proposal:
    """A proposed event.

    Attributes:
        body: The keys of the event as in a store.
        checks: What a person has to check, one line each.
        sentence: The sentence that is quoted.
    """

    body: dict[str, Any]
    checks: list[str] = field(default_factory=list)
    sentence: str = ""


@dataclass
class ProposalSet:
    """The proposals of an article, the actors that they would add (id, name, mentions), and the skipped sentences."""

    proposals: list[Proposal]
    new_actors: list[tuple[str, str, int]]
    cited_count: int = 0


class Proposer:
    """Proposes events from an article.

    Args:
        article: The text.
        published: The day, month, or year of publication.
        selection: The events of the store.
        source: The id of the source to cite.

    Attributes:
        skipped_count: The number of passages that are too long to be a sentence.
    """

    def __init__(self, article: Article, published: Span, selection: Selection, source: str) -> None:
        self.article, self.published, self.source = article, published, source
        self.dates = DateFinder(published)
        self._selection = selection
        entities = list(selection.catalog.entities())
        actors = [(header.partition(".")[2], keys) for header, keys in entities if header.startswith("actor.")]
        self.actor_names = {id: [keys["name"], *keys.get("aliases", ())] for id, keys in actors}
        self.names = NameFinder((id, name) for id, names in self.actor_names.items() for name in names)
        sentences = article.sentences()
        self.sentences = [sentence for sentence in sentences if len(sentence.text) <= MAX_SENTENCE]
        self.skipped_count = len(sentences) - len(self.sentences)
        places = {place for (cell,) in selection.rows(("places",)) for place in cell}
        self._places = NameFinder(
            (place, part) for place in sorted(places) for part in (place, place.partition(",")[0])
        )
        self._new_ids = self._find_new_actors()
        self._search = QuoteSearch()

    def _find_new_actors(self) -> dict[str, tuple[str, int]]:
        """Add the names that may be new actors to `names`, and return them with their mentions, by id."""
        counts = find_new_names([sentence.text for sentence in self.sentences], self.names, self._places)
        taken, new = set(self.actor_names), {}
        for name, number in counts.items():
            if number >= _MIN_MENTIONS or is_company(name):
                id = slugify(name)
                if id and id not in taken:
                    taken.add(id)
                    new[id] = name, number
        known = [(id, name) for id, names in self.actor_names.items() for name in names]
        self.names = NameFinder([*known, *((id, name) for id, (name, _) in new.items())])
        return new

    def actors_of(self, text: str) -> list[str]:
        """Return the ids of the actors that a text names, in order."""
        return list(dict.fromkeys(id for _, _, id in self.names.find(text)))

    def propose(self, take: str) -> ProposalSet:
        """Return the proposals for the sentences that no citation of the store quotes yet."""
        result = ProposalSet([], [])
        quoted = _QuotedText(self._selection, self.source)
        previous = ""
        sentences = [sentence for sentence in self.sentences if not self._is_headline(sentence)]
        for sentence, dates in zip(sentences, self.dates.find_all(each.text for each in sentences), strict=True):
            made = list(self._propose_sentence(sentence, dates, take, previous))
            previous = sentence.text
            if made and quoted.contains(sentence.text):
                result.cited_count += 1
            else:
                result.proposals += made
        self.finish(result)
        return result

    def _is_headline(self, sentence: Sentence) -> bool:
        # The text repeats what its headline states.
        paragraphs = self.article.paragraphs
        return sentence.paragraph == 0 and len(paragraphs) > 1 and paragraphs[0] == self.article.title

    def finish(self, result: ProposalSet) -> None:
        """Add the new actors that the proposals name, and report likely duplicates in the store."""
        used = {id for proposal in result.proposals for id in proposal.body.get("actors", ())}
        result.new_actors = [(id, name, count) for id, (name, count) in self._new_ids.items() if id in used]
        for proposal in result.proposals[:_MAX_DUPLICATE_CHECKS]:
            event, problems = parse_entry("event", "", {"id": "proposed", **proposal.body})
            if not problems:
                found = find_duplicates(self._selection, event)
                proposal.checks += [f"already in the store? {id}: {reason}" for id, reason in found]

    def _propose_sentence(
        self, sentence: Sentence, dates: list[FoundDate], take: str, previous: str
    ) -> Iterator[Proposal]:
        text = sentence.text
        if not self._search.contains([normalize(text)], text):
            return  # `check` would find the quote in no copy: "[…]".
        amounts = [a for a in find_amounts(text) if not any(d.start < a.end and a.start < d.end for d in dates)]
        usable = [found for found in dates if found.value and not found.doubt]
        is_plan = bool(_PLAN.search(text))
        depends = any(found.doubt == DEPENDS for found in dates)
        depends = depends and bool(self.names.find(text) or _ANTECEDENT.search(text))
        is_taken = (
            usable
            or depends
            or take == "all"
            or (take == "numbers" and (amounts or (is_plan and self.names.find(text))))
        )
        if not is_taken or (text.endswith("?") and take != "all"):
            return
        clauses = _clauses(text, usable)
        for number, (start, end, clause_dates) in enumerate(clauses):
            clause = text[start:end]
            date = clause_dates[0] if clause_dates else None
            body = self._date_keys(date, clause)
            body["title"] = self._title(text, start, end, date, is_first=not number)
            if self.is_reported(text):
                body["reported"] = True
            actors = self.actors_of(clause) or self.actors_of(text)
            if actors:
                body["actors"] = actors
            if places := find_places(clause, self._places):
                body["places"] = places
            if figures := _figures(clause, [a for a in amounts if start <= a.start < end], start, dates):
                body["figures"] = figures
            body["sources"] = [{"id": self.source, "quote": text}]
            checks = [f"other date: {other.text} ({other.value})" for other in clause_dates[1 : _MAX_OTHER_DATES + 1]]
            checks += [_doubt_text(found) for found in dates if found.doubt and start <= found.start < end]
            reference = _ANTECEDENT.search(clause) or _ANTECEDENT.match(body["title"])
            if reference and (named := self.actors_of(previous)):
                checks.append(f"{reference[0]}: named in the sentence before: {', '.join(named)}")
            yield Proposal(order_keys(body), checks, text)

    def _date_keys(self, date: FoundDate | None, clause: str) -> dict[str, Any]:
        keys: dict[str, Any] = {}
        if date:
            keys = {"period" if date.is_period else "date": date.value, "printed": date.text}
        if self.status_of(date.value if date else None, clause) == "planned":
            keys["status"] = "planned"
        return keys

    def status_of(self, date: str | None, clause: str) -> str:
        """Return `planned` if a date is after the publication, or if the verb refers to the future."""
        span, last = edtf.try_parse_date(date or ""), self.published.nominal[1]
        is_plan = bool(_PLAN.search(clause))
        if span is None:
            return "planned" if is_plan else "happened"
        is_deadline = span.edtf.startswith("[..")
        begins_later = span.nominal[0] > last or (is_deadline and span.nominal[1] > last)
        return "planned" if begins_later or (is_plan and span.nominal[1] > last) else "happened"

    def is_reported(self, text: str) -> bool:
        """Return whether a text rests on reports: "reportedly", "sources said"."""
        return bool(_REPORTED.search(text))

    def title_of(self, text: str) -> str:
        """Return a title from a passage."""
        dates = [found for found in self.dates.find(text) if found.value]
        return self._title(text, 0, len(text), dates[0] if dates else None, is_first=True)

    def _title(self, text: str, start: int, end: int, date: FoundDate | None, *, is_first: bool) -> str:
        """Return a clause without its date, attribution, and first conjunction, cut at a word."""
        clause = text[start:end]
        if date and start <= date.start and date.end <= end:
            before, after = text[start : date.start], text[date.end : end]
            # Only before the rest: "In October 2023, X bought Y"; elsewhere, the clause reads better with it.
            is_first_phrase = not _PREPOSITIONS.sub("", _LEADING.sub("", before)).strip(" ,")
            if is_first_phrase and (after[:1] == "," or not date.text.isdigit()):
                clause = after
            elif not after.strip(" .,;:”\"'"):
                clause = re.sub(r"(?i),? (?:in|on|at|by|since|during|as of|for)?(?: the)?$", "", before.rstrip(" ,"))
        clause = _LEADING.sub("", clause.strip(" ,;:–—.“”\"'()"))
        clause = _ATTRIBUTION.sub("", re.sub(r" ?\([^()]*\)", "", clause)).strip(" ,;:–—.“”\"'")
        if not is_first and clause[:1].islower() and (actors := self.actors_of(text)):
            clause = f"{self._name_of(actors[0])}: {clause}"
        if len(clause) > _MAX_TITLE:
            cut = clause[: _MAX_TITLE + 1]
            comma = cut.rfind(", ")
            clause = cut[:comma] if comma > _MAX_TITLE // 2 else cut.rpartition(" ")[0] or cut[:_MAX_TITLE]
        is_fragment = len(clause.split()) < _MIN_TITLE_WORDS or re.search(r", [a-z]+ed$", clause)
        if is_fragment and text[start:end] != text and is_first:
            return self._title(text, 0, len(text), None, is_first=True)
        clause = _TRAILING.sub("", clause)
        clause = clause.strip(" ,;:–—") or text[:_MAX_TITLE].strip()
        return clause[0].upper() + clause[1:]

    def _name_of(self, id: str) -> str:
        return self._new_ids[id][0] if id in self._new_ids else str(self.actor_names[id][0])


def _doubt_text(found: FoundDate) -> str:
    """Return what a person has to check about a date."""
    if found.doubt != DEPENDS:
        return f'"{found.text}" {found.doubt}'
    hint = f'; counted from "{found.anchor}": {found.value}' if found.anchor else ""
    return f"date depends on: {found.text}{hint}"


def order_keys(body: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of an event in the order of a store."""
    return {key: body[key] for key in EVENT if key in body}


class _QuotedText:
    """The quotes that the store has from a source, to recognize cited sentences."""

    def __init__(self, selection: Selection, source: str) -> None:
        quotes = {
            normalize(citation["quote"])
            for (citations,) in selection.rows(("sources",))
            for citation in citations
            if citation["quote"] and citation["id"] == source
        }
        self._quotes = sorted(filter(None, quotes))
        self._text = "\n".join(self._quotes).casefold()

    def contains(self, sentence: str) -> bool:
        """Return whether a quote contains the sentence, or most of the sentence is a quote."""
        text = normalize(sentence).casefold()
        return text in self._text or any(2 * len(q) >= len(text) and q.casefold() in text for q in self._quotes)


def _clauses(text: str, dates: Sequence[FoundDate]) -> list[tuple[int, int, list[FoundDate]]]:
    """Return (start, end, dates) of the parts of a sentence: each has one date if a conjunction separates them."""
    clauses: list[tuple[int, int, list[FoundDate]]] = [(0, len(text), list(dates[:1]))]
    for previous, date in pairwise(dates):
        start, _, earlier = clauses[-1]
        breaks = [
            match
            for match in _CLAUSE_BREAK.finditer(text, previous.end, date.start)
            if _VERB.search(text, start, match.start())
            and (_VERB.search(text, match.end()) or ("and" in match[0] and _FIRST_VERB.match(text, match.end())))
        ]
        if not breaks or len(clauses) == _MAX_CLAUSES:
            earlier.append(date)
            continue
        clauses[-1] = (start, breaks[-1].start(), earlier)
        clauses.append((breaks[-1].end(), len(text), [date]))
    return clauses


def _figures(clause: str, amounts: Sequence[FoundAmount], offset: int, dates: Sequence[FoundDate]) -> dict[str, Any]:
    """Return the amounts of a clause by metric; one that is compared with another has the period of its own date."""
    figures: dict[str, list[Any]] = {}
    metric_units: list[tuple[str, str]] = []
    for amount in amounts:
        metric = guess_metric(clause, replace(amount, start=amount.start - offset))
        value: Any = amount.quantity.shown
        if period := compared_with(amount, dates):
            metric = next((m for m, unit in metric_units if unit == amount.quantity.unit), metric)
            value = {"value": value, "period": period}
        metric_units.append((metric, amount.quantity.unit))
        if value not in figures.setdefault(metric, []):
            figures[metric].append(value)
    return {metric: values if len(values) > 1 else values[0] for metric, values in figures.items()}


def compared_with(amount: FoundAmount, dates: Sequence[FoundDate]) -> str:
    """Return the date of an amount with which the text compares another: 2024 in "up from 68,000 in 2024"."""
    compared = (d for d in dates if d.doubt == COMPARED and 0 <= d.start - amount.end < _COMPARED_DISTANCE)
    return next((date.point for date in compared if edtf.try_parse_date(date.point)), "")


def guess_metric(clause: str, amount: FoundAmount) -> str:
    """Return the metric of an amount of a clause, from the nearest noun or verb, else from its unit."""
    unit = amount.quantity.unit
    if metric := nearest_metric(clause, amount):
        return metric
    default = "percentage" if unit == "%" else "amount" if _is_money(unit) else _UNIT_METRICS.get(unit)
    return default or slugify(unit.split("/")[0]) or "number"


def nearest_metric(clause: str, amount: FoundAmount) -> str:
    """Return the metric of the noun or verb that is nearest to an amount; empty if there is none."""
    unit, position = amount.quantity.unit, amount.start
    end = position + len(amount.text)
    kind = "%" if unit == "%" else "money" if _is_money(unit) else "products" if unit in _PRODUCTS else ""
    kind = "staff" if unit in _STAFF else kind
    distances: list[tuple[int, int, str]] = []
    for first, last, rank, metric in _metric_words(clause, kind):
        # What follows at once, as in "a 51% stake", counts before what precedes.
        distance = first - end if first >= end else (position - last) * 2 + 4
        distances.append((max(distance, 0), rank, metric))
    distance, _, metric = min(distances, default=(_METRIC_DISTANCE, 0, ""))
    return metric if distance < _METRIC_DISTANCE else ""


@lru_cache(8)
def _metric_words(clause: str, kind: str) -> list[tuple[int, int, int, str]]:
    """Return (start, end, rank, metric) of the words of a clause that name a metric."""
    return [
        (*match.span(), rank, metric)
        for rank, (metric, words) in enumerate(_METRICS.get(kind, ()))
        for match in re.finditer(rf"\b(?:{words})\b", clause, re.IGNORECASE)
    ]


def _is_money(unit: str) -> bool:
    return unit in CURRENCIES or unit in ("cents", "pence")
