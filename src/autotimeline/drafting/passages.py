"""The passages that proposals quote: word for word, with the sentences around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autotimeline.drafting.article import split_sentences
from autotimeline.drafting.clauses import Clause
from autotimeline.store.saved_copy import QuoteSearch, normalize
from autotimeline.text import fold

_MIN_QUOTE_WORDS = 4


class RefusedError(Exception):
    """Why a proposal is refused."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote within the sentences that it touches.

    Attributes:
        clause: The sentences, and the position of the quote in them.
        context: The paragraph above, this paragraph up to the quote, and the quote: they may name its actors.
    """

    clause: Clause
    context: str

    @property
    def quote(self) -> str:
        """The words of the quote."""
        return self.clause.words


class PassageFinder:
    """Finds quotes in the paragraphs of an article."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = [normalize(paragraph) for paragraph in paragraphs]
        self._search = QuoteSearch()

    def find(self, quote: str) -> Passage:
        """Return where the article has a quote, word for word.

        Raises:
            RefusedError: If it does not have it, or if the quote is too short.
        """
        wanted = normalize(quote)
        if len(re.findall(r"\w+", wanted)) < _MIN_QUOTE_WORDS:
            raise RefusedError(f'the quote "{quote}" is too short; quote a sentence' if quote else "it has no quote")
        for number, paragraph in enumerate(self._paragraphs):
            found = {paragraph.find(wanted), paragraph.find(wanted[0].swapcase() + wanted[1:])} - {-1}
            if not found:
                continue
            first = min(found)
            last = first + len(wanted)
            covered, offset = [], 0
            for sentence in split_sentences(paragraph):
                start = paragraph.find(sentence, offset)
                offset = start + len(sentence)
                if start < last and first < offset:
                    covered += [start, offset]
            start, end = (covered[0], covered[-1]) if covered else (first, last)
            above = self._paragraphs[number - 1] if number else ""
            return Passage(Clause(paragraph[start:end], first - start, last - start), f"{above}\n{paragraph[:last]}")
        similar = (self._search.most_similar_passage(paragraph, quote) for paragraph in self._paragraphs)
        words = set(fold(quote).split())
        passage = max(similar, key=lambda text: len(words & set(fold(text).split())), default="")
        near = f'; most similar: "{passage}"' if passage else ""
        raise RefusedError(f'the article does not contain the quote "{shorten(quote)}"{shorten(near, 200)}')


def shorten(text: str, length: int = 120) -> str:
    """Return the text, cut after so many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
