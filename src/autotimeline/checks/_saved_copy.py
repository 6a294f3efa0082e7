"""The saved copy of a source: read with care, and searched for a passage."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections import Counter

from autotimeline.errors import error_reason
from autotimeline.store.locate import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_COPY_BYTES = 16 * 1024 * 1024
_EXTENSIONS = (".txt", ".md", ".html")
# What typography makes of quotation marks, apostrophes, dashes and dots, as a typewriter has it.
_PLAIN_CHARACTERS = {
    **dict.fromkeys(map(ord, "‘’‚‛′´`＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂「」『』"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff")),
    ord("…"): "...",
}
# How a quotation says that it leaves something out, or that an editor speaks: "[the chairman]".
_OMISSION = r"\[[^\[\]]*\]|\(\.\.\.\)|\.\.\."
# A word that goes on in the next line; whether the hyphen is a part of it nobody can tell.
_HYPHENATION = r"(?<=[^\W\d_])-[ \t\r]*\n\s*(?=[^\W\d_])"
# What is not shown around a passage: it stands in quotation marks itself.
_EDGE_CHARACTERS = " \"'.,;:()"
# How many words of a copy are looked through for what is like a quote, all in all: about ten seconds.
MAX_WORDS = 20_000_000


class CopyError(Exception):
    """Why a copy cannot be read, in words."""


def read_copy(store: str, name: str) -> tuple[str, ...]:
    """Return the text of a saved copy that a file of the store names, as `plain` returns it.

    If words are broken at line ends, it is that with the hyphens, and again without.

    Raises:
        CopyError: if it is not a text file that this store may name, absent, too large, or not in UTF-8.
    """
    path = _path(store, name)
    try:
        # Opening a pipe would wait for its writer.
        flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(path, os.O_RDONLY | flags)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CopyError("is no file; save the copy as a text file")
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read(MAX_COPY_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise CopyError(f"{error_reason(error)}; save the copy there, or leave file out") from None
    if len(data) > MAX_COPY_BYTES:
        raise CopyError(f"is larger than {MAX_COPY_BYTES // 1024 // 1024} MiB; save the text alone")
    try:
        content = data.decode("utf-8-sig").translate(_PLAIN_CHARACTERS)
    except UnicodeDecodeError as error:
        raise CopyError(f"is no text in UTF-8 (byte {error.start + 1}); save it as such") from None
    return tuple(dict.fromkeys(normalize(re.sub(_HYPHENATION, hyphen, content)) for hyphen in ("-", "")))


def _path(store: str, name: str) -> str:
    """Return the path of a copy, without links.

    A finding shows passages of a copy. A store from somebody else must not make it show other files of the user.
    """
    if store == STDIN or not os.path.isfile(store):
        raise CopyError("is not read if the store comes from standard input or a pipe; check the file of the store")
    top = os.path.realpath(os.path.dirname(store))
    path = "" if "\0" in name else os.path.realpath(os.path.join(top, name))
    try:
        inside = os.path.commonpath([top, path]) == top and os.pardir not in name.replace(os.sep, "/").split("/")
    except ValueError:  # another drive, or not a path
        inside = False
    if not inside:
        raise CopyError("is outside of the store's folder; keep the copy in it")
    inner = os.path.relpath(path, top)
    if any(part.startswith(".") for part in inner.split(os.sep)):
        raise CopyError("is hidden; give the copy a path without a leading dot")
    if not inner.lower().endswith(_EXTENSIONS):
        raise CopyError("has another extension; save the copy as .txt, .md, or .html")
    return path


def normalize(text: str) -> str:
    """Return the text as it is compared: composed, typewritten, without ligatures, one space for each white space."""
    # Typewritten first: NFKC makes a space and an accent of an acute that stands for an apostrophe.
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN_CHARACTERS)).split())


class QuoteSearch:
    """Finds quotes in copies; what it spends on likenesses is bounded for all of them together."""

    def __init__(self) -> None:
        self._words_left = MAX_WORDS

    def contains(self, texts: Sequence[str], quote: str) -> bool:
        """Tell whether a copy (as `text` has it) holds a quote: its parts in order, where it leaves something out.

        A quote may begin with a capital where its source has none, or without one; of nothing but marks it is none.
        """
        normalized = normalize(quote)
        parts = [part.strip() for part in re.split(_OMISSION, normalized)]
        if not any(map(str.isalnum, "".join(parts))):
            return False
        return any(_contains_in_order(text, [normalized]) or _contains_in_order(text, parts) for text in texts)

    def most_similar_passage(self, text: str, quote: str) -> str:
        """Return the passage of as many words that has the most of the quote's; nothing where it has less than half."""
        wanted = Counter(_folded_words(normalize(quote)))
        words = text.split()
        size = wanted.total()
        if len(words) > self._words_left:
            return ""
        self._words_left -= len(words)
        most_matching, best_end, matching = 0, 0, 0
        remaining = wanted.copy()
        folded = _folded_words(text)
        for end, word in enumerate(folded):
            if word in wanted:
                remaining[word] -= 1
                matching += remaining[word] >= 0
            dropped = folded[end - size] if end >= size else ""
            if dropped in wanted:
                matching -= remaining[dropped] >= 0
                remaining[dropped] += 1
            if matching > most_matching:
                most_matching, best_end = matching, end
        passage = " ".join(words[max(0, best_end - size + 1) : best_end + 1]) if most_matching * 2 >= size else ""
        return passage.strip(_EDGE_CHARACTERS)


def _contains_in_order(text: str, parts: Sequence[str]) -> bool:
    position, first = 0, True
    for part in filter(None, parts):
        starts = {text.find(part, position)}
        if first:
            starts.add(text.find(part[0].swapcase() + part[1:], position))
            first = False
        if starts == {-1}:
            return False
        position = min(starts - {-1}) + len(part)
    return True


def _folded_words(text: str) -> list[str]:
    """Return the words of a plain text without the marks around them, as many as `split` gives."""
    return [word.strip(_EDGE_CHARACTERS).casefold() for word in text.split()]
