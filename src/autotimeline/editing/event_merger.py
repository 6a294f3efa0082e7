"""Merging of two events: different values become claims of the sources that the other event cites.

Without such a source, contradictions are conflicts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from autotimeline.dates.span import Span
from autotimeline.editing.entry_merger import Body, EntryMerger, as_table
from autotimeline.errors import AutotimelineError
from autotimeline.keys import EVENT
from autotimeline.model import Figure, are_exclusive, figures_agree, is_same_measure
from autotimeline.store.parse import parse_entry
from autotimeline.store.serialize import as_list, collapse_table, collapse_tables, group_by_key
from autotimeline.store.toml_writer import format_value


class EventMerger(EntryMerger):
    """Merges two events; different dates, statuses, and figures become claims of the other event's sources."""

    event_period: Span | None = None

    def merge(self) -> None:
        """Merge each key."""
        for id, body in ((self.id, self.body), (self.other_id, self.other_body)):
            self._remove_own_repeats(id, body)
        self.event, self.other = _parse_event(self.id, self.body), _parse_event(self.other_id, self.other_body)
        self.citations = [dict(as_table(item, "id")) for item in as_list(self.other_body.get("sources"))]
        # The claims that this merge adds to a citation, and that contradict the merged event: (index, key).
        self.contradictions: set[tuple[int, str]] = set()
        self._merge_dates()
        if self.other.status != self.event.status:
            self._claim("status", self.other.status, self.event.status, contradicts=True)
        self._merge_figures()
        self._merge_citations()
        self._merge_actors()
        self._merge_links()
        for rule, reason in self.other_body.get("accept", {}).items():
            reasons = self.body.setdefault("accept", {})
            if reasons.setdefault(rule, reason) != reason:
                self._drop(f"accept.{rule}", reason, reasons[rule])
        for name in ("known", "title", "kind", "reported", "places", "tags", "note"):
            self._merge_key(EVENT[name])

    def _remove_own_repeats(self, id: str, body: Body) -> None:
        """Remove figures that only repeat one of the other event: they are one figure now."""
        citations = [item for item in as_list(body.get("sources")) if isinstance(item, dict)]
        for table in (body, *citations):
            for metric, value in list(table.get("figures", {}).items()):
                items = as_list(value)
                remaining = [item for item in items if as_table(item, "value").get("value") != f"@{self.id}"]
                for item in remaining:
                    if isinstance(item, dict) and item.get("repeats") == self.id and item.keys() & {"value", "printed"}:
                        del item["repeats"]
                remaining = [
                    item for item in remaining if not (isinstance(item, dict) and item.get("repeats") == self.id)
                ]
                if len(remaining) < len(items):
                    self.dropped.append(f'event "{id}": dropped figures.{metric}, which repeats the merged event')
                    table["figures"][metric] = remaining
                    if not remaining:
                        del table["figures"][metric]
            if table.get("figures") == {}:
                del table["figures"]

    def _merge_dates(self) -> None:
        date, other = self.event.date, self.other.date
        name, other_name = ("period" if event.throughout else "date" for event in (self.event, self.other))
        if date is None and other is not None:
            self.body[other_name] = self.other_body[other_name]
        dated = self.event if date else self.other
        self.event_period = dated.date if dated.throughout else None
        if date is None or other is None or date == other:
            self._merge_key(EVENT["printed"])
            if date and other and name != other_name:
                self._drop(other_name, self.other_body[other_name], self.body[name])
            return
        exclusive = are_exclusive(date, other, self.event.throughout)
        if name != other_name and any("date" not in citation for citation in self.citations):
            what = f"{other_name} = {format_value(self.other_body[other_name])} became a claim about the {name}"
            self.dropped.append(f'event "{self.other_id}": {what} of "{self.id}"')
        self._claim("date", self.other_body[other_name], self.body[name], contradicts=exclusive, name=other_name)
        if "printed" in self.other_body:
            self._drop("printed", self.other_body["printed"], self.body.get("printed", self.body[name]))

    def _claim(self, key: str, other: Any, value: Any, *, contradicts: bool, name: str = "") -> None:
        """Let the other event's sources state its value, apart from those that state another.

        `key` is that of a citation, and `name` that of the event, if it is another.
        """
        silent = [index for index, citation in enumerate(self.citations) if key not in citation]
        for index in silent:
            self.citations[index][key] = other
        if contradicts:
            self.contradictions.update((index, key) for index in silent)
        if not silent and contradicts:
            self._add_conflict(name or key, format_value(other), format_value(value))
        elif not silent:
            self._drop(name or key, other, value)

    def _merge_figures(self) -> None:
        for citation, parsed in zip(self.citations, self.other.citations, strict=True):
            if "figures" in citation:
                tables = group_by_key(
                    (metric, self._with_period(table, figure))
                    for (metric, table), figure in zip(_figure_tables(citation), parsed.figures, strict=True)
                )
                citation["figures"] = {metric: collapse_tables(items, "value") for metric, items in tables.items()}
        items = [(metric, item) for metric, value in self.body.get("figures", {}).items() for item in as_list(value)]
        figures, unmatched = self.event.figures, list(range(len(items)))
        for (metric, table), figure in zip(_figure_tables(self.other_body), self.other.figures, strict=True):
            table = self._with_period(table, figure)
            same = [index for index, kept in enumerate(figures) if is_same_measure(kept, figure)]
            match = next((index for index in same if index in unmatched and _agree(figures[index], figure)), None)
            if match is not None:
                unmatched.remove(match)
                kept_table = as_table(items[match][1], "value")
                if added := {key: value for key, value in table.items() if key not in kept_table}:
                    items[match] = metric, {**kept_table, **added}
            elif same:
                self._claim_figure(metric, table, figure, [figures[index] for index in same])
            else:
                items.append((metric, collapse_table(table, "value")))
        current = self.body.get("figures", {})
        for metric, values in group_by_key(items).items():
            if values != as_list(current.get(metric)):
                value = values[0] if len(values) == 1 and not isinstance(current.get(metric), list) else values
                self.body.setdefault("figures", {})[metric] = value

    def _with_period(self, table: Body, figure: Figure) -> Body:
        """Return the keys of a figure of the other event, with its period if the merged event has another one."""
        if figure.period is None or "period" in table or figure.period == self.event_period:
            return table
        return {**table, "period": figure.period.edtf}

    def _claim_figure(self, metric: str, table: Body, figure: Figure, kept_figures: Sequence[Figure]) -> None:
        """Let the figure's source state it, else the other event's sources, apart from those that state another."""
        if figure.source:
            indexes = [index for index, citation in enumerate(self.citations) if citation["id"] == figure.source]
            if not indexes:
                indexes = [len(self.citations)]
                self.citations.append({"id": figure.source})
        else:
            indexes = [
                index
                for index, parsed in enumerate(self.other.citations)
                if not any(is_same_measure(claim, figure) for claim in parsed.figures)
            ]
        claim = {key: value for key, value in table.items() if key != "source"}
        for index in indexes:
            figures = self.citations[index].get("figures", {})
            claims = [as_table(item, "value") for item in as_list(figures.get(metric))]
            self.citations[index]["figures"] = {**figures, metric: collapse_tables([*claims, claim], "value")}
        if not any(figures_agree(kept, figure) for kept in kept_figures):
            self.contradictions.update((index, "figures") for index in indexes)
        if not indexes:
            kept_text = ", ".join(kept.text for kept in kept_figures)
            self._add_conflict(f"figures.{metric}", format_value(figure.text), format_value(kept_text))

    def _merge_citations(self) -> None:
        citations = as_list(self.body.get("sources"))
        for other_index, other in enumerate(self.citations):
            for index, item in enumerate(citations):
                citation = as_table(item, "id")
                # An equal citation without the claim supports what the claim contradicts.
                if any((other_index, key) in self.contradictions for key in other.keys() - citation.keys()):
                    continue
                if (united := _unite_citations(citation, other)) is not None:
                    citations[index] = item if united == citation else united
                    break
            else:
                citations.append(collapse_table(other, "id"))
        if citations != as_list(self.body.get("sources")):
            self.body["sources"] = citations

    def _merge_actors(self) -> None:
        participants, others = self.event.actors, self.other.actors
        if not participants:
            self._merge_key(EVENT["actors"])
            return
        if others and any(each.role for each in participants) != any(each.role for each in others):
            named, plain = (participants, others) if participants[0].role else (others, participants)
            named_ids = {each.actor for each in named}
            for id in (each.actor for each in plain if each.actor not in named_ids):
                what = f'actor "{id}" has no role, but actors of the other event have'
                owner = self.other_id if plain is others else self.id
                self.conflicts.append(f'event "{owner}": {what}; give each a role, or none')
            merged = tuple(named)
        else:
            merged = tuple(dict.fromkeys([*participants, *others]))
        if merged != participants:
            groups = group_by_key((each.role, each.actor) for each in merged)
            self.body["actors"] = groups.get(None) or {
                role: ids[0] if len(ids) == 1 else ids for role, ids in groups.items()
            }

    def _merge_links(self) -> None:
        current = {type: as_list(ids) for type, ids in self.body.get("links", {}).items()}
        links: dict[str, list[str]] = {}
        for owner, body in ((self.id, self.body), (self.other_id, self.other_body)):
            for type, ids in body.get("links", {}).items():
                for id in as_list(ids):
                    if id == self.id:
                        self.dropped.append(f'event "{owner}": dropped links.{type}, which names the merged event')
                    elif id not in links.setdefault(type, []):
                        links[type].append(id)
        links = {type: ids for type, ids in links.items() if ids}
        if links != current:
            self.body["links"] = links
        if not links:
            self.body.pop("links", None)


def _parse_event(id: str, body: Body) -> Any:
    event, problems = parse_entry("event", id, body)
    for _, text in problems:
        raise AutotimelineError(f'event "{id}" cannot be merged: {text}; correct it with `autotimeline edit`')
    return event


def _agree(kept: Figure, other: Figure) -> bool:
    """Return whether two figures of one measure are the same, apart from details that only one of them has."""
    pairs = [(getattr(kept, name), getattr(other, name)) for name in Figure.__slots__]
    is_same = (kept.quantity, kept.repeats) == (other.quantity, other.repeats)
    return is_same and all(None in pair or pair[0] == pair[1] for pair in pairs)


def _unite_citations(citation: Body, other: Body) -> Body | None:
    """Return two citations of one source as one; None if they differ, or the quote of one would get another speaker."""
    if any(citation[key] != other[key] for key in citation.keys() & other.keys() - {"figures"}):
        return None
    are_quotes = all(each.keys() & {"quote", "by"} for each in (citation, other))
    if citation["id"] != other["id"] or (are_quotes and citation.get("quote") != other.get("quote")):
        return None
    figures, other_figures = citation.get("figures", {}), other.get("figures", {})
    if any(figures[metric] != other_figures[metric] for metric in figures.keys() & other_figures.keys()):
        return None
    united = {**citation, **other}
    return {**united, "figures": {**figures, **other_figures}} if figures or other_figures else united


def _figure_tables(body: Body) -> Iterator[tuple[str, Body]]:
    """Yield the metric and the keys of each figure, in order."""
    for metric, value in body.get("figures", {}).items():
        for item in as_list(value):
            yield metric, as_table(item, "value")
