"""Proposed events: a sentence with its dates, amounts, names, and status, and the reasons to check it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.drafting.amount_finder import find_amounts
from autotimeline.drafting.article import Article
from autotimeline.drafting.clauses import Clause, make_title, split_clauses
from autotimeline.drafting.date_context import DEPENDS
from autotimeline.drafting.date_finder import DateFinder, FoundDate
from autotimeline.drafting.figures import make_figures
from autotimeline.drafting.name_finder import NameFinder, find_new_names, find_places, is_company
from autotimeline.keys import EVENT
from autotimeline.query.selection import Selection
from autotimeline.reports.duplicates import find_duplicates
from autotimeline.store.parse import parse_entry
from autotimeline.store.saved_copy import QuoteSearch, normalize
from autotimeline.store.table_reader import slugify

TAKEN = ("dated", "numbers", "all")
"""Which sentences become proposals: with a date, also those with an amount or a plan, or all."""
MAX_SENTENCE = 1000
"""The characters of a sentence; a longer one is a table or a list."""
_MAX_OTHER_DATES = 5
_MAX_DUPLICATE_CHECKS = 300
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


@dataclass
class Proposal:
    """A proposed event.

    Attributes:
        body: The keys of the event as in a store.
        checks: What a person has to check, one line each.
    """

    body: dict[str, Any]
    checks: list[str] = field(default_factory=list)


@dataclass
class ProposalSet:
    """The proposals of an article, the actors that they would add (id, name, mentions), and the skipped sentences."""

    proposals: list[Proposal]
    new_actors: list[tuple[str, str, int]] = field(default_factory=list)
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
        actor_names: The names of the actors of the store, by id.
    """

    def __init__(self, article: Article, published: Span, selection: Selection, source: str) -> None:
        self.article, self.published, self.source = article, published, source
        self.dates = DateFinder(published)
        self._selection = selection
        self.actor_names: dict[str, list[str]] = {
            header.removeprefix("actor."): [keys["name"], *keys.get("aliases", ())]
            for header, keys in selection.catalog.entities()
            if header.startswith("actor.")
        }
        sentences = article.sentences() if article.is_english else []
        self._sentences = [sentence for sentence in sentences if len(sentence) <= MAX_SENTENCE]
        self.skipped_count = len(sentences) - len(self._sentences)
        places = {place for (cell,) in selection.rows(("places",)) for place in cell}
        self._places = NameFinder(
            (place, part) for place in sorted(places) for part in (place, place.partition(",")[0])
        )
        known = [(id, name) for id, names in self.actor_names.items() for name in names]
        counts = find_new_names(self._sentences, NameFinder(known), self._places)
        self._new_actors: dict[str, tuple[str, int]] = {}
        for name, number in counts.items():
            id = slugify(name)
            if id and id not in self.actor_names and (number >= _MIN_MENTIONS or is_company(name)):
                self._new_actors.setdefault(id, (name, number))
        self._names = NameFinder([*known, *((id, name) for id, (name, _) in self._new_actors.items())])

    def actors_of(self, text: str) -> list[str]:
        """Return the ids of the actors that a text names, in order."""
        return list(dict.fromkeys(id for _, _, id in self._names.find(text)))

    def propose(self, take: str) -> ProposalSet:
        """Return the proposals for the sentences that no citation of the store quotes yet."""
        result = ProposalSet([])
        quoted = _QuotedText(self._selection, self.source)
        previous = ""
        for sentence, dates in zip(self._sentences, self.dates.find_all(self._sentences), strict=True):
            made = list(self._propose_sentence(sentence, dates, take, previous))
            previous = sentence
            if made and quoted.contains(sentence):
                result.cited_count += 1
            else:
                result.proposals += made
        self.finish(result)
        return result

    def finish(self, result: ProposalSet) -> None:
        """Add the new actors that the proposals name, and report likely duplicates in the store."""
        used = {id for proposal in result.proposals for id in proposal.body.get("actors", ())}
        result.new_actors = [(id, name, count) for id, (name, count) in self._new_actors.items() if id in used]
        for proposal in result.proposals[:_MAX_DUPLICATE_CHECKS]:
            event, problems = parse_entry("event", "", {"id": "proposed", **proposal.body})
            if not problems:
                found = find_duplicates(self._selection, event)
                proposal.checks += [f"already in the store? {id}: {reason}" for id, reason in found]

    def _propose_sentence(self, text: str, dates: list[FoundDate], take: str, previous: str) -> Iterator[Proposal]:
        if not QuoteSearch().contains([normalize(text)], text):
            return  # `check` would find the quote in no copy: "[…]".
        amounts = [a for a in find_amounts(text) if not any(d.start < a.end and a.start < d.end for d in dates)]
        usable = [found for found in dates if found.value and not found.doubt]
        actors = self.actors_of(text)
        is_dated = usable or (any(found.doubt == DEPENDS for found in dates) and (actors or _ANTECEDENT.search(text)))
        has_numbers = take == "numbers" and (amounts or (actors and _PLAN.search(text)))
        if take != "all" and (text.endswith("?") or not (is_dated or has_numbers)):
            return
        for clause in split_clauses(text, usable):
            title = make_title(clause, self._name_of(actors[0]) if actors else "")
            body = {
                **self._date_keys(clause),
                "title": title,
                "reported": self.is_reported(text),
                "actors": self.actors_of(clause.words) or actors,
                "places": find_places(clause.words, self._places),
                "figures": make_figures(clause, amounts, dates),
                "sources": [{"id": self.source, "quote": text}],
            }
            others = clause.dates[1 : _MAX_OTHER_DATES + 1]
            checks = [f"other date: {other.text} ({other.value})" for other in others]
            checks += [_doubt_text(d) for d in dates if d.doubt and clause.start <= d.start < clause.end]
            reference = _ANTECEDENT.search(clause.words) or _ANTECEDENT.match(title)
            if reference and (named := self.actors_of(previous)):
                checks.append(f"{reference[0]}: named in the sentence before: {', '.join(named)}")
            yield Proposal(order_keys(body), checks)

    def _date_keys(self, clause: Clause) -> dict[str, Any]:
        date = clause.dates[0] if clause.dates else None
        keys = {"period" if date.is_period else "date": date.value, "printed": date.text} if date else {}
        is_planned = self.status_of(date.value if date else None, clause.words) == "planned"
        return {**keys, "status": "planned"} if is_planned else keys

    def status_of(self, date: str | None, clause: str) -> str:
        """Return `planned` if a date is after the publication, or if the verb refers to the future."""
        span, last = edtf.try_parse_date(date or ""), self.published.nominal[1]
        is_plan = bool(_PLAN.search(clause))
        if span is None:
            return "planned" if is_plan else "happened"
        ends_later = span.nominal[1] > last
        begins_later = span.nominal[0] > last or (span.edtf.startswith("[..") and ends_later)
        return "planned" if begins_later or (is_plan and ends_later) else "happened"

    def is_reported(self, text: str) -> bool:
        """Return whether a text rests on reports: "reportedly", "sources said"."""
        return bool(_REPORTED.search(text))

    def title_of(self, text: str) -> str:
        """Return a title from a passage."""
        date = next((found for found in self.dates.find(text) if found.value), None)
        return make_title(Clause(text, 0, len(text), (date,) if date else ()))

    def _name_of(self, id: str) -> str:
        return self._new_actors[id][0] if id in self._new_actors else self.actor_names[id][0]


def _doubt_text(found: FoundDate) -> str:
    """Return what a person has to check about a date."""
    if found.doubt != DEPENDS and not found.anchor:
        return f'"{found.text}" {found.doubt}'
    hint = f'; counted from "{found.anchor}": {found.value}' if found.anchor else ""
    return f"date depends on: {found.text}{hint}"


def order_keys(body: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of an event in the order of a store, without empty ones."""
    return {key: body[key] for key in EVENT if body.get(key)}


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
