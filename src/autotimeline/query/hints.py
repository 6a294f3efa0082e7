"""Hints about the words of a query that no event has: what the user may have meant. Only an empty answer loads this."""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from autotimeline.query.fields import QUERY_FIELDS, STATES
from autotimeline.query.parser import And, Not, Or, Term
from autotimeline.query.selection import Selection
from autotimeline.query.synonyms import STATE_SYNONYMS, state_remedies
from autotimeline.text import Suggester, fold, search_words

_Node = Term | Not | And | Or
_WORD_FIELDS = ("text", "title")
# The fields whose values people write without the field, the preferred ones first.
_VALUE_FIELDS = ("status", "is", "kind", "tag", "role", "metric", "link")
# Each costs a query, and users read only the first lines.
_MAX_TERMS = 20
_NEAR_WORDS = ("around", "near")
# Below it, a similar word is rarely what was meant.
_MIN_SIMILARITY = 0.75


def has_words(selection: Selection) -> bool:
    """Return whether the query searches for words, negated or not."""
    return _contains_word(selection.compiled.node)


def _contains_word(node: _Node) -> bool:
    if isinstance(node, Not):
        return _contains_word(node.operand)
    return any(map(_contains_word, node.operands)) if isinstance(node, And) else node.field in _WORD_FIELDS


def word_hints(selection: Selection, *, include_states: bool = True) -> list[str]:
    """Return a line for each word and state of the query that no event has, with a suggestion if there is one."""
    vocabulary = _Vocabulary(selection)
    lines: list[str] = []
    explained: Term | None = None
    for term, following in islice(_word_terms(selection.compiled.node), _MAX_TERMS):
        # The resolver has already explained the name of a metric, or of a unit of time.
        is_warned = any(line.startswith(f'"{term.value}" ') for line in selection.resolver.warnings)
        if term is explained or is_warned or selection.derive(str(term)).total():
            continue
        if term.field == "is":
            lines += [f"no event is {term.value.lower()}"] * include_states
            continue
        owner, noun = "title" if term.field == "title" else "event", "words" if " " in term.value else "word"
        remedy = ""
        if operator := next((word for word in ("or", "and") if f" {word} " in term.value.lower()), ""):
            remedy = f'; write the operator "{operator}" outside of quotes'
        elif field_term := _field_term(term, following):
            remedy, explained = f'; did you mean "{field_term}"?', following
        elif suggestion := vocabulary.suggest(term):
            remedy = f'; did you mean "{suggestion}"?'
        lines.append(f'no {owner} has the {noun} "{term.value}"{remedy}')
    return list(dict.fromkeys(lines))


def _word_terms(node: _Node, following: _Node | None = None) -> Iterator[tuple[Term, Term | None]]:
    """Yield each term of a word or state, unless it is negated, with the next term if both search for words."""
    if isinstance(node, Term) and node.field in (*_WORD_FIELDS, "is"):
        is_pair = node.field != "is" and isinstance(following, Term) and following.field in _WORD_FIELDS
        yield node, following if is_pair else None  # type: ignore[misc]  # mypy does not narrow by a variable
    elif isinstance(node, And):
        neighbors = [*node.operands, None][1:] if type(node) is And else [None] * len(node.operands)
        for operand, neighbor in zip(node.operands, neighbors, strict=True):
            yield from _word_terms(operand, neighbor)


def _field_term(term: Term, following: Term | None) -> str:
    """Return the term that a word of the query language means, such as `near:@ID/30d` for `around ID`; else ""."""
    first, *rest = term.value.split()
    operand = "-".join((following.value if following and not rest else " ".join(rest)).split())
    if first.lower() in _NEAR_WORDS:
        return f"near:@{operand.lower() or 'EVENT'}/30d"
    is_field = first.lower() in QUERY_FIELDS and not rest and term.field == "text"
    return f"{first.lower()}:{operand or 'VALUE'}" if is_field else ""


class _Vocabulary:
    """The words that events have, and the values of fields, with what to write for each."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def suggest(self, term: Term) -> str:
        """Return what to write instead of a term that no event has; "" if nothing is similar."""
        if term.field == "title":
            return self._correct_words(term.value, self._list_words("title"), "title:")
        texts, suggester = self._texts, self._suggester
        if "-" in term.value:
            # There may be a million ids.
            rows = self.selection.db.execute(_EVENT_IDS_SQL, [term.value[:2].lower()] * 2)
            texts = {id: f"id:{id}" for (id,) in rows} | texts
            suggester = Suggester(texts, _MIN_SIMILARITY)
        name = suggester.find(term.value)
        return texts[name] if name else self._correct_words(term.value, self._words, "")

    def _correct_words(self, phrase: str, words: dict[str, None], prefix: str) -> str:
        """Return the phrase with its unknown words replaced by known ones; "" if it then matches no event."""
        suggester = Suggester(words, _MIN_SIMILARITY)
        corrected = " ".join(suggester.find(word) or word for word in search_words(phrase).split())
        term = Term(prefix.rstrip(":") or "text", corrected)
        is_found = corrected != search_words(phrase) and self.selection.derive(str(term)).total()
        return f"{prefix}{corrected}" if is_found else ""

    @cached_property
    def _suggester(self) -> Suggester:
        return Suggester(self._texts, _MIN_SIMILARITY)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What to write, by folded name: a word as it is, and a term for a field, a value, or an id."""
        texts = {field: f"{field}:VALUE" for field in QUERY_FIELDS}
        texts |= state_remedies(STATES) | {word: f"is:{state}" for word, state in STATE_SYNONYMS.items()}
        for field in reversed(_VALUE_FIELDS):
            for value in self.selection.catalog.completion_values(field):
                texts[fold(value.rstrip("@"))] = f"{field}:{value.rstrip('@').replace(' ', '-')}"
        for kind, id, name in self.selection.db.execute(_ENTITY_SQL):
            texts.setdefault(fold(name), f"{kind}:{id}")
            texts.setdefault(fold(id), f"{kind}:{id}")
        return texts | {word: word for word in self._words}

    @cached_property
    def _words(self) -> dict[str, None]:
        """The words that a search finds, and the names of actors and places."""
        names = [fold(name) for sql in _NAME_SQL for (name,) in self.selection.db.execute(sql)]
        words = (word for name in names for word in search_words(name).split())
        return self._list_words("title", "rest") | dict.fromkeys(names) | dict.fromkeys(words)

    def _list_words(self, *columns: str) -> dict[str, None]:
        """Return the words of columns of the full-text index."""
        return dict.fromkeys(word for word in self.selection.db.search_words(columns) if word.isalpha())


_EVENT_IDS_SQL = "SELECT id FROM event WHERE id BETWEEN ? AND ? || '{'"
_ENTITY_SQL = (
    "SELECT kind, id, COALESCE(name, id) FROM entity WHERE kind IN ('actor', 'era', 'source')"
    " UNION ALL SELECT 'actor', actor, folded FROM actor_name"
)
_NAME_SQL = (
    "SELECT DISTINCT n.folded FROM actor_name n JOIN participant p ON p.actor = n.actor",
    "SELECT DISTINCT folded FROM place",
)
