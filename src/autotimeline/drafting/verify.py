"""Verification of proposals from elsewhere, such as a language model, field by field against the article."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.drafting.amount_finder import FoundAmount, find_amounts, find_numbers
from autotimeline.drafting.article import clean_text
from autotimeline.drafting.date_finder import FoundDate
from autotimeline.drafting.figures import guess_metric, nearest_metric, period_of
from autotimeline.drafting.name_finder import NameFinder
from autotimeline.drafting.proposals import Proposal, ProposalSet, Proposer, order_keys
from autotimeline.errors import AutotimelineError, QuantityError
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import Quantity, unit_key
from autotimeline.schema import STATUSES
from autotimeline.store.saved_copy import QuoteSearch, normalize
from autotimeline.store.table_reader import slugify
from autotimeline.text import escape_control, fold

KEYS = ("quote", "title", "date", "period", "printed", "status", "reported", "kind", "actors", "places", "figures")
_MAX_PROPOSALS = 1000
_MIN_QUOTE_WORDS = 4
_MAX_MESSAGE = 300  # characters
_METRIC = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|den(?:y|ies|ied)|refus\w+|cancel\w*|false(?:ly)?|without|unless)\b|n['’]t\b",
    re.IGNORECASE,
)
_CANCELLED = re.compile(
    r"\b(?:cancel\w*|call(?:ed|s)? off|scrap\w*|abandon\w*|drop(?:s|ped)?|terminat\w*|shelv\w*|withdr\w+|halt\w*"
    r"|end(?:s|ed)?|stop\w*)\b",
    re.IGNORECASE,
)


@dataclass
class _Passage:
    """Where a quote is: the sentences that contain it, and the text in which its actors may be named."""

    sentence: str  # all sentences that the quote touches
    start: int  # of the quote within them
    end: int
    context: str  # the paragraph above, this paragraph up to the quote, and the quote


def parse_answer(text: str, name: str) -> list[Any]:
    """Return the proposals in an answer: JSON with a list `proposals`, a list, or lines; text around it is ignored.

    Raises:
        AutotimelineError: If the answer has no proposals in JSON.
    """
    decoder = json.JSONDecoder()
    remedy = "write JSON as `autotimeline draft ARTICLE --prompt` describes"
    position = 0
    items: list[Any] = []
    try:
        while (match := re.compile(r"[\[{]").search(text, position)) and len(items) <= _MAX_PROPOSALS:
            try:
                value, position = decoder.raw_decode(text, match.start())
            except json.JSONDecodeError:
                if items or position > 20_000:
                    raise AutotimelineError(f"{name}: incomplete JSON; {remedy}") from None
                position = match.end()
                continue
            if isinstance(value, dict) and isinstance(value.get("proposals"), list):
                value = value["proposals"]
            items += value if isinstance(value, list) else [value]
    except (RecursionError, ValueError) as error:
        raise AutotimelineError(f"{name}: invalid JSON ({error}); {remedy}") from None
    if not items:
        raise AutotimelineError(f"{name}: no proposals; {remedy}")
    if len(items) > _MAX_PROPOSALS:
        raise AutotimelineError(f"{name}: more than {_MAX_PROPOSALS:,} proposals; split the answer")
    return items


class Verifier:
    """Checks proposals against the article of a `Proposer`; `messages` has one line for each change and refusal."""

    def __init__(self, proposer: Proposer) -> None:
        self.messages: list[str] = []
        self.refused_count = 0
        self._proposer = proposer
        self._search = QuoteSearch()
        self._paragraphs = [normalize(paragraph) for paragraph in proposer.article.paragraphs]
        self._new_names: dict[str, str] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._number = 0
        self._checks: list[str] = []

    def verify(self, items: Iterable[Any]) -> ProposalSet:
        """Return the proposals without the fields that the article does not support."""
        result = ProposalSet([])
        for self._number, item in enumerate(items, 1):
            self._checks = []
            if proposal := self._verify_item(item):
                result.proposals.append(proposal)
            else:
                self.refused_count += 1
        self._proposer.finish(result)
        used = {id for proposal in result.proposals for id in proposal.body.get("actors", ())}
        result.new_actors += [(id, name, 1) for id, name in self._new_names.items() if id in used]
        return result

    def _report(self, text: str) -> None:
        text = _shorten(escape_control(text), _MAX_MESSAGE)
        self.messages.append(f"proposal {self._number}: {text}")
        self._checks.append(text)

    def _refuse(self, text: str) -> None:
        self.messages.append(f"proposal {self._number}: refused: {text}")

    def _verify_item(self, item: Any) -> Proposal | None:
        if not isinstance(item, dict):
            self._refuse("it is not an object")
            return None
        quote, title = (clean_text(item[key]) if isinstance(item.get(key), str) else "" for key in ("quote", "title"))
        passage = self._find_passage(quote)
        if passage is None:
            return None
        if first := self._seen.get((normalize(quote), fold(title))):
            self._refuse(f"it repeats proposal {first}")
            return None
        self._seen[normalize(quote), fold(title)] = self._number
        for key in item.keys() - set(KEYS):
            self._report(f'"{key}": not a field of a proposal; removed')
        outside = passage.sentence[: passage.start] + passage.sentence[passage.end :]
        if negation := _NEGATION.search(outside):
            self._report(f'the quote omits "{negation[0]}" from its sentence')
        dates = self._proposer.dates.find(passage.sentence)
        body = self._dates(item, [d for d in dates if d.start < passage.end and passage.start < d.end])
        self._status(item, body, passage)
        self._names(item, body, passage)
        self._figures(item, body, passage, dates)
        self._title(title, body, passage)
        if item.get("kind") is not None:
            kind = slugify(str(item["kind"]))
            body |= {"kind": kind} if kind else {}
            if kind != item["kind"]:
                self._report(f'kind: "{item["kind"]}" is not a word in lower case; {kind or "removed"}')
        body["sources"] = [{"id": self._proposer.source, "quote": quote}]
        return Proposal(order_keys(body), self._checks)

    def _find_passage(self, quote: str) -> _Passage | None:
        """Return where the article has a quote word for word; None if it is refused."""
        wanted = normalize(quote)
        if len(re.findall(r"\w+", wanted)) < _MIN_QUOTE_WORDS:
            self._refuse(f'the quote "{quote}" is too short; quote a sentence' if quote else "it has no quote")
            return None
        variants = (wanted, wanted[0].swapcase() + wanted[1:])
        for number, paragraph in enumerate(self._paragraphs):
            position = next((found for text in variants if (found := paragraph.find(text)) >= 0), -1)
            if position < 0:
                continue
            first, last = position, position + len(wanted)
            offset = 0
            covered: list[tuple[int, int]] = []
            for sentence in self._proposer.article.sentences_of(number):
                start = paragraph.find(normalize(sentence), offset)
                end = offset = start + len(normalize(sentence))
                if start < last and first < end:
                    covered.append((start, end))
            start, end = (covered[0][0], covered[-1][1]) if covered else (first, last)
            above = self._paragraphs[number - 1] if number else ""
            context = "\n".join((above, paragraph[:last]))
            return _Passage(paragraph[start:end], first - start, last - start, context)
        passage = max(
            (self._search.most_similar_passage(paragraph, quote) for paragraph in self._paragraphs),
            key=lambda text: len(set(fold(text).split()) & set(fold(quote).split())),
            default="",
        )
        near = f'; most similar: "{passage}"' if passage else ""
        self._refuse(f'the article does not contain the quote "{_shorten(quote)}"{_shorten(near, 200)}')
        return None

    def _dates(self, item: dict[str, Any], found: list[FoundDate]) -> dict[str, Any]:
        """Return `date` or `period`, and `printed`, as the quote states them."""
        claims = [(key, item[key]) for key in ("date", "period") if item.get(key) not in (None, "")]
        usable = [each for each in found if each.value and not each.doubt]
        body: dict[str, Any] = {}
        if claims:
            key, claim = claims[0]
            span = edtf.try_parse_date(str(claim)) if isinstance(claim, str | int) else None
            chosen = self._match_date(key, claim, span, usable, found)
            if chosen:
                if key == "period" and not chosen.is_period and span:
                    body["period"] = chosen.value
                else:
                    body["period" if chosen.is_period else "date"] = chosen.value
                body["printed"] = chosen.text
        if len(claims) > 1:
            self._report(f"period: {claims[1][1]}; an event has a date or a period; removed")
        printed = item.get("printed")
        if printed and (not isinstance(printed, str) or normalize(printed) not in normalize(body.get("printed", ""))):
            self._report(f'printed: "{printed}" is not in the date of the quote; {"replaced" if body else "removed"}')
        return body

    def _match_date(
        self, key: str, claim: Any, span: Span | None, usable: list[FoundDate], found: list[FoundDate]
    ) -> FoundDate | None:
        if span is None:
            self._report(f'{key}: "{claim}" is not a date; removed{_candidates(usable)}')
            return None
        spans = [(each, each.span) for each in usable]
        for each, own in spans:
            if own and (own.edtf == span.edtf or (own.nominal == span.nominal and not own.approximate)):
                return each
        for each, own in spans:
            if own and own.nominal[0] <= span.nominal[0] and span.nominal[1] <= own.nominal[1]:
                self._report(f'{key}: {claim} is finer than "{each.text}"; widened to {each.value}')
                return each
        for each, own in spans:
            if own and span.nominal[0] <= own.nominal[0] and own.nominal[1] <= span.nominal[1]:
                self._report(f'{key}: {claim} is coarser than "{each.text}"; replaced with {each.value}')
                return each
        doubt = next((each for each in found if each.doubt and (not each.value or _same(each, span))), None)
        if doubt:
            self._report(f'{key}: {claim} removed: "{doubt.text}" {doubt.doubt}{_candidates(usable)}')
        else:
            self._report(f"{key}: {claim} is not in the quote; removed{_candidates(usable)}")
        return None

    def _status(self, item: dict[str, Any], body: dict[str, Any], passage: _Passage) -> None:
        claim = item.get("status")
        quote = passage.sentence[passage.start : passage.end]
        own = self._proposer.status_of(body.get("date") or body.get("period"), quote)
        if claim == "cancelled" and _CANCELLED.search(quote):
            body["status"] = "cancelled"
            return
        if claim is not None and claim not in STATUSES:
            self._report(f'status: "{claim}" is not one of {", ".join(STATUSES)}; removed')
        elif claim is not None and claim != own:
            self._report(f"status: {claim} is not supported by the quote; {own}")
        elif claim is None and own == "planned":
            self._report("status: planned, because of the date or the verb of the quote")
        if own == "planned":
            body["status"] = own
        if item.get("reported") is True or self._proposer.is_reported(passage.sentence):
            body["reported"] = True

    def _names(self, item: dict[str, Any], body: dict[str, Any], passage: _Passage) -> None:
        actors = item.get("actors") or []
        if isinstance(actors, dict):
            self._report("actors: roles are not verified; removed")
            actors = [name for names in actors.values() for name in (names if isinstance(names, list) else [names])]
        named = self._proposer.actors_of(passage.context)
        ids: list[str] = []
        for name in actors if isinstance(actors, list) else [actors]:
            id = self._resolve_actor(name, named, passage.context)
            if id is None:
                self._report(f'actors: "{name}" is not named in the quote or just before it; removed')
            elif id not in ids:
                ids.append(id)
        if ids:
            body["actors"] = ids
        places = item.get("places") or []
        kept = []
        for place in places if isinstance(places, list) else [places]:
            place = clean_text(place) if isinstance(place, str) else ""
            parts = [part.strip() for part in place.split(",")]
            if parts[0] and fold(parts[0]) in fold(passage.context):
                kept.append(place if all(fold(part) in fold(passage.context) for part in parts) else parts[0])
                if kept[-1] != place:
                    self._report(f'places: "{place}" is more than the text states; {parts[0]}')
            else:
                self._report(f'places: "{place}" is not named in the quote or just before it; removed')
        if kept:
            body["places"] = kept

    def _resolve_actor(self, claim: Any, named: list[str], context: str) -> str | None:
        """Return the id of an actor that the context names, by id or name; None if it does not name it."""
        name = clean_text(claim) if isinstance(claim, str) else ""
        if name in named:
            return name
        if not name or name in self._proposer.actor_names:
            return None
        known = self._proposer.actors_of(name)
        if known and known[0] in named:
            return known[0]
        id = slugify(name)
        if known or not id or name[0].islower() or not NameFinder([(id, name)]).find(context):
            return None
        self._new_names[id] = name
        return id

    def _figures(self, item: dict[str, Any], body: dict[str, Any], passage: _Passage, dates: list[FoundDate]) -> None:
        claims = list(_figure_claims(item.get("figures")))
        if item.get("figures") and not claims:
            self._report("figures: not a list of metrics and values; removed")
        quote = passage.sentence[passage.start : passage.end]
        amounts = find_amounts(quote)
        figures: dict[str, list[Any]] = {}
        for metric, value in claims:
            try:
                quantity = parse_quantity(str(value))
            except QuantityError:
                self._report(f'figures.{metric}: "{value}" is not a quantity; removed')
                continue
            amount = self._match_amount(metric, quantity, amounts, quote)
            if amount is None:
                continue
            name = metric if _METRIC.fullmatch(metric) else guess_metric(quote, amount)
            if name != metric:
                self._report(f'figures: "{metric}" is not a metric; {name}')
            elif (guess := nearest_metric(quote, amount)) and name not in guess and guess not in name:
                self._report(f"figures.{name}: the words near {amount.text} suggest {guess}")
            shown: Any = amount.quantity.shown
            compared = period_of(amount, quote, 0, [_shift(d, -passage.start) for d in dates], None)
            if compared:
                shown = {"value": shown, "period": compared}
                self._report(f"figures.{name}: {amount.text} is of {compared}; the period is added")
            figures.setdefault(name, []).append(shown)
        if figures:
            body["figures"] = {name: each if len(each) > 1 else each[0] for name, each in figures.items()}

    def _match_amount(
        self, metric: str, quantity: Quantity, amounts: list[FoundAmount], quote: str
    ) -> FoundAmount | None:
        # Other units than those of the closed list.
        numbers = [
            number
            for number in find_numbers(quote, quantity.unit)
            if not any(a.start < number.end and number.start < a.end for a in amounts)
        ]
        for amount in (*amounts, *numbers):
            if amount.quantity == quantity:
                return amount
        near = [a for a in amounts if unit_key(a.quantity.unit) == unit_key(quantity.unit)] or numbers
        bounds = quantity.low, quantity.high
        same_bounds = [a for a in (*near, *amounts) if (a.quantity.low, a.quantity.high) == bounds]
        chosen = same_bounds[0] if same_bounds else near[0] if len({a.quantity for a in near}) == 1 else None
        if chosen:
            self._report(f'figures.{metric}: {quantity.shown} is not in the quote; replaced with "{chosen.text}"')
        else:
            self._report(f"figures.{metric}: {quantity.shown} is not in the quote; removed")
        return chosen

    def _title(self, title: str, body: dict[str, Any], passage: _Passage) -> None:
        """Keep a title that has no number and no name beyond those of the text, or replace it."""
        text = f"{passage.context}\n{passage.sentence}"
        doubts = [
            number for number in re.findall(r"(?<![HQ\d.,])\d(?:[\d.,]*\d)?", title) if not _has_number(text, number)
        ]
        doubts += [word for word in re.findall(r"(?<=\w )[A-Z][\w’'-]*\w", title) if fold(word) not in fold(text)]
        named = self._proposer.actors_of(text)
        doubts += [id for id in self._proposer.actors_of(title) if id not in named]
        if title and not doubts:
            body["title"] = title[:200]
            return
        body["title"] = self._proposer.title_of(passage.sentence[passage.start : passage.end])
        self._report(
            f'title: "{doubts[0]}" is not in the text; replaced' if doubts else "title: missing; made from the quote"
        )


def _has_number(text: str, number: str) -> bool:
    return bool(re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", text))


def _figure_claims(figures: Any) -> Iterable[tuple[str, Any]]:
    """Yield (metric, value) of figures in a table or a list."""
    if isinstance(figures, dict):
        if "value" in figures:
            yield str(figures.get("metric", "")), figures["value"]
            return
        for metric, value in figures.items():
            for each in value if isinstance(value, list) else [value]:
                yield str(metric), each.get("value") if isinstance(each, dict) else each
    elif isinstance(figures, list):
        for each in figures:
            yield from _figure_claims(each) if isinstance(each, dict) else [("", each)]


def _candidates(dates: list[FoundDate]) -> str:
    return f"; the quote has {', '.join(f'{each.text} ({each.value})' for each in dates)}" if dates else ""


def _same(found: FoundDate, span: Span) -> bool:
    own = edtf.try_parse_date(found.point)
    return own is not None and own.nominal == span.nominal


def _shift(found: FoundDate, offset: int) -> FoundDate:
    return replace(found, start=found.start + offset, end=found.end + offset)


def _shorten(text: str, length: int = 120) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
