"""Names in running text: the actors and places of a store, and capitalized names that may be new actors."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from autotimeline.dates.calendar import MONTH_NAMES
from autotimeline.dates.phrases import WEEKDAYS
from autotimeline.text import fold, search_words

_WORD = re.compile(r"[^\W_]+")
_CAPITALIZED = r"(?:[A-Z][\w’'&-]*[\w&]|[A-Z](?:\.[A-Z])+\.?|[A-Z]{2,})"
# A name may go on after "of" if its first word is one of these.
_NAME = re.compile(
    rf"\b(?:(?:The )?(?:Bank|University|Ministry|Department|Institute|Court|Board|House|Academy|Republic|Bureau|Office"
    rf"|Church|Port) of (?:the )?{_CAPITALIZED}(?: {_CAPITALIZED})*|{_CAPITALIZED}(?: (?:& )?{_CAPITALIZED})*)"
)
_COMPANY_SUFFIX = re.compile(
    r" (?:Inc|Corp|Co|Ltd|Limited|Group|AG|SE|SA|NV|PLC|plc|GmbH|LLC|Holdings?|Motors?|Bank|Energy|Airlines|Ventures?)$"
)
_TITLES = re.compile(
    r"^(?:Mr|Mrs|Ms|Dr|Sir|Lord|President|Chairman|Chancellor|Minister|Senator|Chief|Executive|Officer|CEO|Prof)\.? "
)
# Words with a capital that are not names, and countries, which are places; "_" is a space.
_CAPITALS = (
    "I A An The This That These Those It Its He She They We You His Her In On At By For From With Of To As And But Or"
    " If So Not No Yet After Before Since Until While When Where Under Over During About Although However Meanwhile"
    " Earlier Later Last Next Also Both Each Some Many Most More All Other Another New First Second Third Q1 Q2 Q3 Q4"
    " H1 H2 CEO CFO COO There Here What Which Who How Why Then Now Today Yesterday Tomorrow Their Our Your My One Two"
    " Three Four Five Six Seven Eight Nine Ten Instead Chinese European American German French Italian British"
    " Japanese Korean Russian Indian Dutch Spanish Asian African Western Eastern Northern Southern English EV EVs SUV"
    " SUVs US UK EU U.S. U.K. PM AM GMT EST AI IPO TV GWh MWh MW GW EUR USD GBP CNY RMB Sept"
)
_COUNTRY_NAMES = (
    "Argentina Australia Austria Belgium Brazil Britain Bulgaria Canada Chile China Colombia Croatia Cuba Denmark"
    " Egypt Estonia Ethiopia Finland France Germany Ghana Greece Hong_Kong Hungary Iceland India Indonesia Iran Iraq"
    " Ireland Israel Italy Japan Kenya Kuwait Latvia Lebanon Lithuania Luxembourg Malaysia Mexico Morocco Netherlands"
    " New_Zealand Nigeria Norway Pakistan Peru Philippines Poland Portugal Qatar Romania Russia Saudi_Arabia Serbia"
    " Singapore Slovakia Slovenia South_Africa South_Korea Spain Sweden Switzerland Syria Taiwan Thailand Turkey"
    " Ukraine United_Kingdom United_Arab_Emirates United_States Venezuela Vietnam Europe Asia Africa America"
    " North_America South_America Latin_America Middle_East"
)
_OTHER_WORDS = frozenset(
    (*_CAPITALS.split(), *MONTH_NAMES, *(name[:3] for name in MONTH_NAMES), *(day.title() for day in WEEKDAYS))
)
_COUNTRIES = frozenset(fold(name) for name in _COUNTRY_NAMES.split())  # fold reads "_" as a space


class NameFinder:
    """Finds the names of a store by their words, in one pass over a sentence."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        # (id, name); by the first word, the longest name first.
        self._by_word: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        for id, name in names:
            words = tuple(search_words(name).split())
            if words:
                is_capitalized = name[:1] != name[:1].lower()
                self._by_word.setdefault(words[0], []).append((words, id, is_capitalized))
        for entries in self._by_word.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, sentence: str) -> list[tuple[int, int, str]]:
        """Return (start, end, id) of the names in order; a name in an address, such as nasa.gov, is not one."""
        tokens = list(_tokenize(sentence))
        found: list[tuple[int, int, str]] = []
        index = 0
        while index < len(tokens):
            start, _, word = tokens[index]
            length = 1
            for words, id, is_capitalized in self._by_word.get(word, ()):
                run = tokens[index : index + len(words)]
                if tuple(token[2] for token in run) != words:
                    continue
                end = run[-1][1]
                is_part = sentence[start - 1 : start] in tuple("@/.") or re.match(r"\.\w|[@/]", sentence[end:])
                if (is_capitalized and sentence[start].islower()) or (start and is_part):
                    continue
                found.append((start, end, id))
                length = len(words)
                break
            index += length
        return found


def _tokenize(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, folded word) of the words; an ideograph is a word."""
    for match in _WORD.finditer(sentence):
        words = [match[0].lower()] if match[0].isascii() else search_words(match[0]).split()
        if len(words) == 1:
            yield *match.span(), words[0]
        else:
            yield from ((match.start() + index, match.start() + index + 1, word) for index, word in enumerate(words))


def find_new_names(sentences: Sequence[str], known: NameFinder, places: NameFinder) -> Counter[str]:
    """Return the names that are not known, with their counts.

    A word that also occurs in lower case is not a name, and what mostly follows "in" is a place.
    """
    counts: Counter[str] = Counter()
    located: Counter[str] = Counter()
    initial: Counter[str] = Counter()
    plain_words = {
        word for sentence in sentences for word in re.findall(r"(?<![\w.@/-])[a-z]+(?![\w@/]|\.\w)", sentence)
    }
    for sentence in sentences:
        spans = [*known.find(sentence), *places.find(sentence)]
        for match in _NAME.finditer(sentence):
            is_initial = not re.search(r"\w", sentence[: match.start()])
            name = _trim(match[0], plain_words, is_initial=is_initial)
            if not name or any(start < match.end() and match.start() < end for start, end, _ in spans):
                continue
            if fold(name) in _COUNTRIES or re.match(r"\.\w|[@/]", sentence[match.end() :]):
                continue
            located[name] += bool(re.search(r"\b(?:[Ii]n|[Aa]t|[Nn]ear) (?:the )?$", sentence[: match.start()]))
            (initial if is_initial and " " not in name else counts)[name] += 1
    for name, number in initial.items():
        if name in counts or name.isupper():
            counts[name] += number
    return Counter({name: number for name, number in counts.items() if 2 * located[name] < number})


def _trim(name: str, plain_words: set[str], *, is_initial: bool) -> str:
    """Return a name without titles and words that only begin the sentence: "Reflecting Philips" is Philips."""
    name = re.sub(r"['’]s?$", "", _TITLES.sub("", name))
    words = name.split()
    while words and (
        words[0] in _OTHER_WORDS
        or words[0] == "&"
        or (
            is_initial
            and (words[0].lower() in plain_words or (len(words) > 1 and re.search("(?:ing|ed|ly)$", words[0])))
        )
    ):
        del words[0]
        is_initial = False
    while words and words[-1] in _OTHER_WORDS:
        del words[-1]
    name = " ".join(words)
    is_plain = len(words) == 1 and (words[0].lower() in plain_words or len(words[0]) < 3)
    return "" if is_plain or any(word in _OTHER_WORDS for word in words) else name


def is_company(name: str) -> bool:
    """Return whether a name ends as names of companies do."""
    return bool(_COMPANY_SUFFIX.search(name))


def find_places(sentence: str, known: NameFinder) -> list[str]:
    """Return the places of a store, and the countries, that follow "in", "at", or "near"."""
    places = [
        id
        for start, _, id in known.find(sentence)
        if re.search(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|of)(?: the)? $", sentence[:start])
    ]
    for match in re.finditer(rf"\b[Ii]n (?:the )?({_CAPITALIZED}(?: {_CAPITALIZED}){{0,2}})", sentence):
        if fold(match[1]) in _COUNTRIES and match[1] not in places:
            places.append(match[1])
    return places
