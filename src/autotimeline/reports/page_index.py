"""What a page needs to answer queries by itself: for words with bounds the events, for dates their days, and folds.

The program evaluates the words, and the page only combines their sets of events.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any
from unicodedata import normalize

from autotimeline.dates.span import END
from autotimeline.errors import UsageError
from autotimeline.query.compiler import CompiledQuery
from autotimeline.query.fields import QUERY_FIELDS, STATES
from autotimeline.query.parser import Not, Term
from autotimeline.query.predicates import Sql, compose
from autotimeline.query.selection import Selection
from autotimeline.query.slips import SLIPS_SQL, slip_text
from autotimeline.schema import LINK_INVERSES, STATUSES
from autotimeline.text import fold, search_words

# Characters that people type although no text has them: Latin letters with marks, dashes, and quotes.
_TYPED_CHARACTERS = (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2020))


class PageIndex:
    """The events of a selection for a page; a set of events is a bit per event, in base64.

    Attributes:
        positions: The position of each event in the page, by id.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._resolver = selection.resolver
        self.positions = {id: position for position, (id,) in enumerate(selection.rows(("id",)))}

    def certain_events(self) -> str:
        """Return the set of the events that certainly match the query of the selection."""
        return self._encode_set(self._selection.where(certain=True))

    def word_sets(self) -> dict[str, Any]:
        """Return the sets of `status:`, `is:`, `era:`, and aliases by term.

        They are the possible and the certain events, and those of the negation if it has other ones than the rest.
        For an alias with date terms, the same four sets follow with these terms ignored. An alias with an error has
        its message instead.
        """
        terms = [Term(field, word) for field, words in (("status", STATUSES), ("is", STATES)) for word in words]
        terms += [Term("era", id) for id in self._selection.catalog.completion_values("era")]
        sets: dict[str, Any] = {f"{term.field}:{term.value}": self._term_sets(term) for term in terms}
        for name, query in self._selection.catalog.aliases():
            try:
                sets[f":{name}"] = self._term_sets(Term(":", name), with_undated=True)
            except UsageError as error:
                sets[f":{name}"] = f"in the alias :{name}, {query}: {error}"
        return sets

    def _term_sets(self, term: Term, *, with_undated: bool = False) -> list[str]:
        queries = [CompiledQuery(node, self._resolver) for node in (term, Not(term))]
        statements = [statement for query in queries for statement in (query.possible, query.certain)]
        sets = [self._encode_set(statement) for statement in statements]
        if with_undated and queries[0].has_date_term:
            undated = [query.undated(certain=certain) for query in queries for certain in (False, True)]
            pairs = zip(statements, undated, strict=True)
            return sets + [self._encode_set(compose("({}) OR ({})", *pair)) for pair in pairs]
        return sets

    def _encode_set(self, condition: Sql) -> str:
        bits = bytearray((len(self.positions) + 7) // 8)
        for (id,) in compose("SELECT e.id FROM event e WHERE {}", condition).execute(self._selection.db):
            if (position := self.positions.get(id)) is not None:
                bits[position >> 3] |= 1 << (position & 7)
        return b64encode(bits.rstrip(b"\0")).decode()

    def era_windows(self) -> dict[str, Sequence[int]]:
        """Return the days that `date:ERA` means, if the id is a period."""
        windows: dict[str, Sequence[int]] = {}
        for id in self._selection.catalog.completion_values("era"):
            with suppress(UsageError):
                windows[id] = self._resolver.parse_period(id).bounds
        return windows

    def group_members(self) -> dict[str, list[str]]:
        """Return the actors that are part of each actor, directly or not, if there are any."""
        rows = self._selection.db.execute(
            "SELECT parent, actor FROM actor_group WHERE parent IN (SELECT parent FROM actor_parent)"
            " ORDER BY parent, actor"
        )
        members: dict[str, list[str]] = {}
        for whole, actor in rows:
            members.setdefault(whole, []).append(actor)
        return members

    def actor_names(self) -> dict[str, list[tuple[str, str]]]:
        """Return the folded names of each actor, each with its words for the search."""
        names: dict[str, list[tuple[str, str]]] = {}
        sql = "SELECT actor, folded, words FROM actor_name ORDER BY actor, folded"
        for actor, folded, words in self._selection.db.execute(sql):
            names.setdefault(actor, []).append((folded, words))
        return names

    def event_days(self) -> dict[str, tuple[Any, ...]]:
        """Return the bounds of each dated event, by id.

        They are the first and the last day of `overlaps` and of `is inside`, whether the date is qualified or disputed,
        the first and the last certain day, the day as written if it is one, the day to sort by, and those of claims.
        """
        claims: dict[str, list[int]] = {}
        claim_sql = (
            "SELECT e.id, c.overlap_first, c.overlap_last FROM claim c JOIN event e ON e.number = c.event"
            " WHERE e.disputed_date AND c.overlap_first IS NOT NULL"
        )
        for id, *days in self._selection.db.execute(claim_sql):
            claims.setdefault(id, []).extend(days)
        sql = (
            "SELECT id, overlap_first, overlap_last, inside_first, inside_last,"
            " CASE WHEN qualified OR disputed_date THEN 1 ELSE 0 END,"
            " certain_first, certain_last,"
            f" CASE WHEN sort_tiebreak = -sort_day AND sort_day < {END} THEN sort_day END, sort_day FROM event"
            " WHERE date IS NOT NULL"
        )
        return {id: (*days, tuple(claims.get(id, ()))) for id, *days in self._selection.db.execute(sql)}

    def known_days(self) -> dict[str, tuple[Any, ...]]:
        """Return when each event became known, as text, with its bounds as in `event_days`."""
        columns = "known_first, known_last, known_last, known_first, CASE WHEN known_qualified THEN 1 ELSE 0 END"
        rows = self._selection.db.execute(f"SELECT id, known, {columns} FROM event WHERE known IS NOT NULL")
        return {id: (shown, *days) for id, shown, *days in rows}

    def search_texts(self) -> dict[str, tuple[str, str]]:
        """Return the folded words of each event: those of the title, and those of its other texts."""
        sql = "SELECT e.id, s.title, s.rest FROM search_text s JOIN event e ON e.number = s.event"
        return {id: (title, rest) for id, title, rest in self._selection.db.execute(sql)}

    def metrics(self) -> dict[str, list[str]]:
        """Return the metrics of each event, those of disputed claims among them."""
        metrics: dict[str, list[str]] = {}
        sql = "SELECT DISTINCT e.id, f.metric FROM figure f JOIN event e ON e.number = f.event ORDER BY f.metric"
        for id, metric in self._selection.db.execute(sql):
            metrics.setdefault(id, []).append(metric)
        return metrics

    def links(self) -> dict[str, list[tuple[str, str]]]:
        """Return the links of each event in both directions, as (type as seen from it, other id), in date order."""
        sql = "SELECT e.id, l.type, l.target FROM link l JOIN event e ON e.number = l.event"
        seen: dict[str, dict[tuple[str, str], None]] = {}
        for id, type, target in self._selection.db.execute(sql):
            seen.setdefault(id, {})[type, target] = None
            seen.setdefault(target, {})[LINK_INVERSES[type], id] = None
        last = len(self.positions)
        return {
            id: sorted(links, key=lambda link: (self.positions.get(link[1], last), link)) for id, links in seen.items()
        }

    def outside_events(self, ids: Iterable[str]) -> dict[str, tuple[str | None, str]]:
        """Return the date and the title of those events of the store that are not in the page."""
        outside = set(ids) - self.positions.keys()
        rows = self._selection.db.execute("SELECT id, date, title FROM event ORDER BY id") if outside else ()
        return {id: (date, title) for id, date, title in rows if id in outside}

    def slips(self, plan: str) -> list[tuple[str, str | None, str | None]]:
        """Return the events that fulfil a plan, each with its date and how late it was."""
        rows = self._selection.db.execute(SLIPS_SQL, (plan, plan))
        return [
            (event, happened, slip_text(low, high, uncertain) if happened else None)
            for id, event, _, happened, low, high, uncertain in rows
            if id == plan
        ]

    def last_starts(self) -> dict[str, int]:
        """Return the last possible first day of each plan."""
        sql = "SELECT id, start_last FROM event WHERE status = 'planned' AND start_last IS NOT NULL"
        return dict(self._selection.db.execute(sql).fetchall())


def fold_table(texts: str) -> dict[str, Any]:
    """Return the folds of the characters of these texts, and of some that people type.

    `folds` maps a folded text to the characters that become it, `same` are those that stay as they are, and `letters`
    are the characters of folded texts, besides ASCII, that are part of a word.
    """
    characters = sorted({*map(chr, _TYPED_CHARACTERS), *texts})
    folds: dict[str, str] = {}
    for character in characters:
        # A space alone would be stripped.
        folded = fold(f"x{character}x")[1:-1]
        if folded != character:
            folds[folded] = folds.get(folded, "") + character
    outcomes = sorted({c for text in (*folds, *texts) for c in normalize("NFC", text) if c > "\x7f" and fold(c) == c})
    letters = [c for c in outcomes if search_words(c)]
    return {"folds": folds, "same": "".join(outcomes), "letters": "".join(letters)}


def query_language() -> dict[str, Any]:
    """Return the words of the query language that a page needs to parse a query."""
    return {"fields": list(QUERY_FIELDS), "links": list(LINK_INVERSES)}
