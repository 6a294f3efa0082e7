"""Reading of the saved copy of a source, and search for a quote in it."""

import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Sequence

from autotimeline.errors import error_reason
from autotimeline.store.locate import STDIN

MAX_COPY_BYTES = 16 * 1024 * 1024
_EXTENSIONS = (".txt", ".md", ".html")
# ASCII for typographic quotation marks, apostrophes, dashes, and dots.
_PLAIN_CHARACTERS = {
    **dict.fromkeys(map(ord, "‘’‚‛′´`＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂「」『』"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff")),
    ord("…"): "...",
}
# Marks of omitted text, and words of an editor: "[the chairman]".
_OMISSION = r"\[[^\[\]]*\]|\(\.\.\.\)|\.\.\."
# A word that continues on the next line; its hyphen may be a part of it.
_HYPHENATION = r"(?<=[^\W\d_])-[ \t\r]*\n\s*(?=[^\W\d_])"
# Not shown around a passage, which gets quotation marks of its own.
_EDGE_CHARACTERS = " \"'.,;:()"
# In all copies together. Searching this number for similar passages takes about ten seconds.
MAX_WORDS = 20_000_000


class CopyError(Exception):
    """An unreadable copy; the message continues the sentence `file: NAME …`."""


def read_copy(store: str, name: str) -> tuple[str, ...]:
    """Return the normalized text of a saved copy; if words are broken at line ends, with and without the hyphens.

    Raises:
        CopyError: If it is missing, too large, not UTF-8, or not a text file that this store may name.
    """
    data = read_copy_bytes(store, name)
    try:
        content = data.decode("utf-8-sig").translate(_PLAIN_CHARACTERS)
    except UnicodeDecodeError as error:
        raise CopyError(f"is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from None
    return tuple(dict.fromkeys(normalize(re.sub(_HYPHENATION, hyphen, content)) for hyphen in ("-", "")))


def read_copy_bytes(store: str, name: str) -> bytes:
    """Return the bytes of a saved copy.

    Raises:
        CopyError: If it is missing, too large, or not a text file that this store may name.
    """
    path = _path(store, name)
    try:
        # Opening a pipe would wait for its writer.
        flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(path, os.O_RDONLY | flags)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CopyError("is not a file; save the copy as a text file")
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read(MAX_COPY_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise CopyError(f"{error_reason(error)}; save the copy there, or remove file") from None
    if len(data) > MAX_COPY_BYTES:
        raise CopyError(f"is larger than {MAX_COPY_BYTES // 1024 // 1024} MiB; save the text alone")
    return data


def _path(store: str, name: str) -> str:
    """Return the path of a copy, without links.

    Findings show passages of a copy. A store from another person must not make them show other files of the user.
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
        raise CopyError("is outside the directory of the store; save the copy in it")
    inner = os.path.relpath(path, top)
    if any(part.startswith(".") for part in inner.split(os.sep)):
        raise CopyError("is hidden; give the copy a path without a leading dot")
    if not inner.lower().endswith(_EXTENSIONS):
        raise CopyError("has another extension; save the copy as .txt, .md, or .html")
    return path


def normalize(text: str) -> str:
    """Return the text in the form for comparison: NFKC, ASCII punctuation, single spaces."""
    # Punctuation first, because NFKC turns an acute accent in place of an apostrophe into a space and an accent.
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN_CHARACTERS)).split())


class QuoteSearch:
    """Finds quotes in copies, with one limit on the search for similar passages in all copies."""

    def __init__(self) -> None:
        self._words_left = MAX_WORDS

    def contains(self, texts: Sequence[str], quote: str) -> bool:
        """Return whether a normalized text contains a quote, or, if it omits text, its parts in order.

        The case of the first letter is ignored. A quote without letters and digits is not contained in any text.
        """
        normalized = normalize(quote)
        parts = [part.strip() for part in re.split(_OMISSION, normalized)]
        if not any(map(str.isalnum, "".join(parts))):
            return False
        return any(_contains_in_order(text, [normalized]) or _contains_in_order(text, parts) for text in texts)

    def most_similar_passage(self, text: str, quote: str) -> str:
        """Return the passage of equal length that shares the most words with the quote; empty if fewer than half."""
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
    """Return the words of a normalized text, without punctuation around them; some may be empty."""
    return [word.strip(_EDGE_CHARACTERS).casefold() for word in text.split()]
