"""Two ids, names, kinds, tags, roles, places, metrics, or units that differ by one letter."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.checks._word_usage import ids, key, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.checks._word_usage import Use
    from autotimeline.query.selection import Selection

LEVEL = "note"
EXPLAIN = """\
One letter is added, missing, replaced, or swapped with its neighbor, after the first letter of a
word of five letters or more. Digits distinguish words. One of the two may be a mistake, and a query
for the other misses it. That is likely, not certain, so this is a note. If there are more than
50,000 words of a kind, none are compared.

Correct the misspelled word. For two spellings of an actor's name, merge the two actors: a query by
id then finds both."""
BAD = """\
[source.s]
title = "S"

[[event]]
id = "one"
date = "2024-01"
title = "A new model"
kind = "launch"
sources = ["s"]

[[event]]
id = "two"
date = "2024-02"
title = "The second one"
kind = "launch"
sources = ["s"]

[[event]]
id = "three"
date = "2024-03"
title = "And a third"
kind = "lauch"
sources = ["s"]
"""
GOOD = BAD.replace('"lauch"', '"launch"')
_MOST = 50_000
_LONG = 5
_BEFORE = 10


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each word that is almost another one, at the less frequent of the two."""
    for what, known in (words(everything) | ids(everything)).items():
        folded: dict[str, Use] = {}
        for word, use in known.items():
            folded.setdefault(key(what, word), use)
        if len(folded) > _MOST:
            continue
        for one, other in _almost(folded):
            usual, use = sorted((folded[one], folded[other]), key=lambda use: (-use.times, use.word))
            if (use.file, use.line) == (usual.file, usual.line):
                continue  # a name and an alias of one actor
            told = f"the {what} {use.told} is almost {usual.told}"
            others = [usual.event] if usual.event else ()
            yield Finding(use.file, use.line, use.event, f"{told}; correct it if it is misspelt", others)


def _almost(known: dict[str, Use]) -> Iterator[tuple[str, str]]:
    """Yield the words that are a letter apart: both become the same word where one letter of each is left out."""
    without: dict[str, list[str]] = {}
    for word in sorted(known):
        if len(word) < _LONG - 1:
            continue
        shorter = {word[:at] + word[at + 1 :] for at, c in enumerate(word) if not c.isdigit()}
        near: dict[str, None] = {}
        for part in sorted({word, *shorter}):
            others = without.setdefault(part, [])
            near.update(dict.fromkeys(others[-_BEFORE:]))
            others.append(word)
        for other in near:
            if _close(word, other):
                yield other, word


def _close(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter that may be a slip."""
    first, second = one.split(), other.split()
    if len(first) == len(second):
        differing = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
        if len(differing) != 1:
            return False
        one, other = differing[0]
    if one[0] != other[0] or max(len(one), len(other)) < _LONG:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if any(c.isdigit() for c in one + other):
        return False
    return max(len(one), len(other)) == 1 or (len(one) == len(other) == 2 and one == other[::-1])
