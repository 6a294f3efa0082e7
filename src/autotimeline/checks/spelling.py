"""Two ids, names, kinds, tags, roles, places, metrics, or units that differ by one letter."""

from collections.abc import Iterator

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._word_usage import WordUse, collect_ids, collect_words, merge_spellings
from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
One letter is added, missing, replaced, or swapped with its neighbor, after the first letter of a
word of five letters or more. Digits distinguish words. If there are more than 50,000 words of a
kind, none are compared.

Correct the misspelled word. For two spellings of an actor's name, merge the two actors."""
_MAX_WORDS = 50_000
_MIN_LENGTH = 5
_MAX_CANDIDATES = 10


def find(everything: Selection) -> Findings:
    """Yield a finding for each word that is similar to a more frequent word."""
    for category, uses in (collect_words(everything) | collect_ids(everything)).items():
        folded = merge_spellings(category, uses)
        if len(folded) > _MAX_WORDS:
            continue
        for word_a, word_b in _similar_pairs(folded):
            frequent, use = sorted((folded[word_a], folded[word_b]), key=lambda use: (-use.count, use.word))
            if (use.file, use.line) == (frequent.file, frequent.line):
                continue  # a name and an alias of one actor
            what = f"the {category} {use.description} is similar to {frequent.description}"
            others = [frequent.event] if frequent.event else ()
            yield Finding(use.file, use.line, use.event, f"{what}; correct it if it is misspelled", others)


def _similar_pairs(known: dict[str, WordUse]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of words that differ by one letter; without one letter each, they are equal."""
    words_by_variant: dict[str, list[str]] = {}
    for word in sorted(known):
        if len(word) < _MIN_LENGTH - 1:
            continue
        shorter = {word[:index] + word[index + 1 :] for index, c in enumerate(word) if not c.isdigit()}
        candidates: dict[str, None] = {}
        for variant in sorted({word, *shorter}):
            words = words_by_variant.setdefault(variant, [])
            candidates.update(dict.fromkeys(words[-_MAX_CANDIDATES:]))
            words.append(word)
        for candidate in candidates:
            if _is_likely_typo(word, candidate):
                yield candidate, word


def _is_likely_typo(word_a: str, word_b: str) -> bool:
    """Return whether two words differ by one letter that may be a mistake."""
    words_a, words_b = word_a.split(), word_b.split()
    if len(words_a) == len(words_b):
        differing = [pair for pair in zip(words_a, words_b, strict=True) if pair[0] != pair[1]]
        if len(differing) != 1:
            return False
        word_a, word_b = differing[0]
    if word_a[0] != word_b[0] or max(len(word_a), len(word_b)) < _MIN_LENGTH:
        return False
    while word_a and word_b and word_a[0] == word_b[0]:
        word_a, word_b = word_a[1:], word_b[1:]
    while word_a and word_b and word_a[-1] == word_b[-1]:
        word_a, word_b = word_a[:-1], word_b[:-1]
    if any(c.isdigit() for c in word_a + word_b):
        return False
    return max(len(word_a), len(word_b)) == 1 or (len(word_a) == len(word_b) == 2 and word_a == word_b[::-1])
