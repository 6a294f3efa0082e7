"""Verification of proposals from elsewhere, such as a language model, field by field against the article."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.drafting.amount_finder import FoundAmount, find_amounts, find_numbers
from autotimeline.drafting.answer import as_list, clean_claim, figure_claims
from autotimeline.drafting.date_finder import FoundDate
from autotimeline.drafting.figures import guess_metric, nearest_metric, period_of
from autotimeline.drafting.name_finder import NameFinder
from autotimeline.drafting.passages import Passage, PassageFinder, RefusedError, shorten
from autotimeline.drafting.proposals import Proposal, ProposalSet, Proposer, order_keys
from autotimeline.errors import QuantityError
from autotimeline.quantities.parse import parse_quantity
from autotimeline.quantities.quantity import Quantity, unit_key
from autotimeline.schema import STATUSES
from autotimeline.store.saved_copy import normalize
from autotimeline.store.table_reader import slugify
from autotimeline.text import escape_control, fold

KEYS = ("quote", "title", "date", "period", "printed", "status", "reported", "kind", "actors", "places", "figures")
_MAX_MESSAGE = 300  # characters
_MAX_TITLE = 200
_METRIC = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|den(?:y|ies|ied)|refus\w+|cancel\w*|false(?:ly)?|without|unless)\b|n['’]t\b",
    re.IGNORECASE,
)
_CANCELLED = re.compile(
    r"\b(?:cancel\w*|call(?:ed|s)? off|scrap\w*|abandon\w*|drop(?:s|ped)? (?:its|the|their|plans?)|terminat\w*"
    r"|shelv\w*|withdr\w+|halt\w*|ends|ended|to end|stop\w*)\b",
    re.IGNORECASE,
)


class Verifier:
    """Checks proposals against the article of a `Proposer`; `messages` has one line for each change and refusal."""

    def __init__(self, proposer: Proposer) -> None:
        self.messages: list[str] = []
        self.refused_count = 0
        self._proposer = proposer
        self._passages = PassageFinder(proposer.article.paragraphs)
        self._new_names: dict[str, str] = {}
        self._seen: dict[tuple[str, str], int] = {}
        self._number = 0
        self._checks: list[str] = []

    def verify(self, items: Iterable[Any]) -> ProposalSet:
        """Return the proposals without the fields that the article does not support."""
        result = ProposalSet([])
        for self._number, item in enumerate(items, 1):
            self._checks = []
            try:
                result.proposals.append(self._verify_item(item))
            except RefusedError as refusal:
                self.messages.append(f"proposal {self._number}: refused: {refusal}")
                self.refused_count += 1
        self._proposer.finish(result)
        used = {id for proposal in result.proposals for id in proposal.body.get("actors", ())}
        result.new_actors += [(id, name, 1) for id, name in self._new_names.items() if id in used]
        return result

    def _report(self, text: str) -> None:
        self._checks.append(shorten(escape_control(text), _MAX_MESSAGE))
        self.messages.append(f"proposal {self._number}: {self._checks[-1]}")

    def _verify_item(self, item: Any) -> Proposal:
        if not isinstance(item, dict):
            raise RefusedError("it is not an object")
        quote, title = clean_claim(item.get("quote")), clean_claim(item.get("title"))
        passage = self._passages.find(quote)
        if first := self._seen.get((normalize(quote), fold(title))):
            raise RefusedError(f"it repeats proposal {first}")
        self._seen[normalize(quote), fold(title)] = self._number
        for key in item.keys() - set(KEYS):
            self._report(f'"{key}": not a field of a proposal; removed')
        text, start, end = passage.clause.text, passage.clause.start, passage.clause.end
        if negation := _NEGATION.search(text[:start] + text[end:]):
            self._report(f'the quote omits "{negation[0]}" from its sentence')
        dates = self._proposer.dates.find(text)
        body = self._verify_date(item, [d for d in dates if d.start < end and start < d.end])
        self._verify_status(item, body, passage)
        self._verify_names(item, body, passage.context)
        body["figures"] = self._verify_figures(item.get("figures"), passage, dates)
        body["title"] = self._verify_title(title, passage)
        if item.get("kind") is not None:
            body["kind"] = slugify(str(item["kind"]))
            if body["kind"] != item["kind"]:
                self._report(f'kind: "{item["kind"]}" is not a word in lower case; {body["kind"] or "removed"}')
        body["sources"] = [{"id": self._proposer.source, "quote": quote}]
        return Proposal(order_keys(body), self._checks)

    def _verify_date(self, item: dict[str, Any], found: list[FoundDate]) -> dict[str, Any]:
        """Return `date` or `period`, and `printed`, as the quote states them."""
        claims = [(key, item[key]) for key in ("date", "period") if item.get(key) not in (None, "")]
        body: dict[str, Any] = {}
        if claims and (chosen := self._match_date(*claims[0], found)):
            body = {"period" if claims[0][0] == "period" or chosen.is_period else "date": chosen.value}
            body["printed"] = chosen.text
        if len(claims) > 1:
            self._report(f"period: {claims[1][1]}; an event has a date or a period; removed")
        printed = item.get("printed")
        if printed and (not isinstance(printed, str) or normalize(printed) not in normalize(body.get("printed", ""))):
            self._report(f'printed: "{printed}" is not in the date of the quote; {"replaced" if body else "removed"}')
        return body

    def _match_date(self, key: str, claim: Any, found: list[FoundDate]) -> FoundDate | None:
        span = edtf.try_parse_date(str(claim)) if isinstance(claim, str | int) else None
        usable = [(each, own) for each in found if (own := each.span) and not each.doubt]
        candidates = ", ".join(f"{each.text} ({each.value})" for each, _ in usable)
        hint = f"; the quote has {candidates}" if candidates else ""
        if span is None:
            self._report(f'{key}: "{claim}" is not a date; removed{hint}')
            return None
        for fits, fact in (
            (_is_same, ""),
            (_includes, 'is finer than "{}"; widened to {}'),
            (lambda own, claimed: _includes(claimed, own), 'is coarser than "{}"; replaced with {}'),
        ):
            for each, own in usable:
                if fits(own, span):
                    if fact:
                        self._report(f"{key}: {claim} {fact.format(each.text, each.value)}")
                    return each
        doubted = [(each, edtf.try_parse_date(each.point)) for each in found if each.doubt]
        reasons = [each for each, point in doubted if point and point.nominal == span.nominal]
        reasons += [each for each, point in doubted if point is None or each.anchor]
        if reasons:
            self._report(f'{key}: {claim} removed: "{reasons[0].text}" {reasons[0].doubt}{hint}')
        else:
            self._report(f"{key}: {claim} is not in the quote; removed{hint}")
        return None

    def _verify_status(self, item: dict[str, Any], body: dict[str, Any], passage: Passage) -> None:
        claim = item.get("status")
        own = self._proposer.status_of(body.get("date") or body.get("period"), passage.quote)
        if claim == "cancelled" and _CANCELLED.search(passage.quote):
            own = claim
        elif claim is not None and claim not in STATUSES:
            self._report(f'status: "{claim}" is not one of {", ".join(STATUSES)}; removed')
        elif claim is not None and claim != own:
            self._report(f"status: {claim} is not supported by the quote; {own}")
        elif claim is None and own == "planned":
            self._report("status: planned, because of the date or the verb of the quote")
        body["status"] = "" if own == "happened" else own
        body["reported"] = is_reported = self._proposer.is_reported(passage.clause.text)
        if item.get("reported") not in (None, is_reported):
            self._report(f"reported: {item['reported']} is not supported by the quote; {is_reported}".lower())

    def _verify_names(self, item: dict[str, Any], body: dict[str, Any], context: str) -> None:
        for field, resolve in (("actors", self._resolve_actor), ("places", self._resolve_place)):
            claims = item.get(field) or []
            if field == "actors" and isinstance(claims, dict):
                self._report("actors: roles are not verified; removed")
                claims = [name for names in claims.values() for name in as_list(names)]
            kept = body[field] = []
            for claim in as_list(claims):
                name = clean_claim(claim)
                value = resolve(name, context) if name else None
                if value is None:
                    self._report(f'{field}: "{claim}" is not named in the quote or just before it; removed')
                elif value not in kept:
                    kept.append(value)

    def _resolve_actor(self, name: str, context: str) -> str | None:
        """Return the id of an actor that the context names, by id or name; None if it does not name it."""
        named, known, id = self._proposer.actors_of(context), self._proposer.actors_of(name), slugify(name)
        if name in named:
            return name
        if name in self._proposer.actor_names or known:
            return known[0] if known and known[0] in named else None
        if not id or name[0].islower() or not NameFinder([(id, name)]).find(context):
            return None
        self._new_names[id] = name
        return id

    def _resolve_place(self, name: str, context: str) -> str | None:
        parts = [part.strip() for part in name.split(",")]
        if not parts[0] or fold(parts[0]) not in fold(context):
            return None
        if all(fold(part) in fold(context) for part in parts):
            return name
        self._report(f'places: "{name}" is more than the text states; {parts[0]}')
        return parts[0]

    def _verify_figures(self, claimed: Any, passage: Passage, dates: list[FoundDate]) -> dict[str, Any]:
        claims = list(figure_claims(claimed))
        if claimed and not claims:
            self._report("figures: not a list of metrics and values; removed")
        figures: dict[str, list[Any]] = {}
        clause = passage.clause
        amounts = [a for a in find_amounts(clause.text) if a.start < clause.end and clause.start < a.end]
        for metric, value in claims:
            try:
                quantity = parse_quantity(str(value))
            except QuantityError:
                self._report(f'figures.{metric}: "{value}" is not a quantity; removed')
                continue
            amount = self._match_amount(metric, quantity, amounts, passage)
            if amount is None:
                continue
            name = metric if _METRIC.fullmatch(metric) else guess_metric(clause, amount)
            if name != metric:
                self._report(f'figures: "{metric}" is not a metric; {name}')
            elif (guess := nearest_metric(clause, amount)) not in name and name[:5] not in fold(clause.words):
                self._report(f"figures.{name}: the words near {amount.text} suggest {guess}")
            shown: Any = amount.quantity.shown
            if period := period_of(clause, amount, dates):
                shown = {"value": shown, "period": period}
                self._report(f"figures.{name}: {amount.text} is of {period}; the period is added")
            figures.setdefault(name, []).append(shown)
        return {name: values if len(values) > 1 else values[0] for name, values in figures.items()}

    def _match_amount(
        self, metric: str, quantity: Quantity, amounts: list[FoundAmount], passage: Passage
    ) -> FoundAmount | None:
        clause, ends = passage.clause, (quantity.low, quantity.high)

        def numbers_with(unit: str) -> list[FoundAmount]:
            """Return the other numbers of the quote with a unit, or with any or none (empty)."""
            inside = (n for n in find_numbers(clause.text, unit) if clause.start <= n.start < clause.end)
            return [n for n in inside if not any(a.start < n.end and n.start < a.end for a in amounts)]

        numbers = numbers_with(quantity.unit)  # of units that are not in the closed list
        if same := [amount for amount in (*amounts, *numbers) if amount.quantity == quantity]:
            return same[0]
        is_named = quantity.unit and unit_key(quantity.unit) in map(unit_key, passage.context.casefold().split())
        for number in numbers_with("") if is_named and not numbers else ():
            if (number.quantity.low, number.quantity.high) == ends:
                self._report(f"figures.{metric}: {number.text} has its unit, {quantity.unit}, in the text before")
                return replace(number, quantity=quantity)
        near = [a for a in amounts if unit_key(a.quantity.unit) == unit_key(quantity.unit)] or numbers
        same_ends = [a for a in (*near, *amounts) if (a.quantity.low, a.quantity.high) == ends]
        chosen = same_ends[0] if same_ends else near[0] if len({a.quantity for a in near}) == 1 else None
        change = f'replaced with "{chosen.text}"' if chosen else "removed"
        self._report(f"figures.{metric}: {quantity.shown} is not in the quote; {change}")
        return chosen

    def _verify_title(self, title: str, passage: Passage) -> str:
        """Return a title that has no number and no name beyond those of the text, or another one."""
        text = f"{passage.context}\n{passage.clause.text}"
        numbers = re.findall(r"(?<![HQ\d.,])\d(?:[\d.,]*\d)?", title)
        doubts = [n for n in numbers if not re.search(rf"(?<![\d.,]){re.escape(n)}(?![\d]|[.,]\d)", text)]
        doubts += [word for word in re.findall(r"(?<=\w )[A-Z][\w’'-]*\w", title) if fold(word) not in fold(text)]
        named = self._proposer.actors_of(text)
        doubts += [id for id in self._proposer.actors_of(title) if id not in named]
        if title and not doubts:
            # The first word of a title may be a noun; a title without the negation may be shorter.
            first = re.match(r"\w+", title)
            if first and fold(first[0]) not in fold(text):
                self._report(f'title: "{first[0]}" is not in the text')
            if (negation := _NEGATION.search(passage.quote)) and not _NEGATION.search(title):
                self._report(f'title: it omits "{negation[0]}" from the quote')
            return title[:_MAX_TITLE]
        fact = f'"{doubts[0]}" is not in the text; replaced' if doubts else "missing; made from the quote"
        self._report(f"title: {fact}")
        return self._proposer.title_of(passage.quote)


def _is_same(own: Span, claimed: Span) -> bool:
    return own.edtf == claimed.edtf or (own.nominal == claimed.nominal and not own.approximate)


def _includes(outer: Span, inner: Span) -> bool:
    return outer.nominal[0] <= inner.nominal[0] and inner.nominal[1] <= outer.nominal[1]
