"""The saved copy of a source: read with care, and searched for a passage."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections import Counter

from autotimeline.errors import reason
from autotimeline.store.locate import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 16 * 1024 * 1024
_EXTENSIONS = (".txt", ".md", ".html")
# What typography makes of quotation marks, apostrophes, dashes and dots, as a typewriter has it.
_PLAIN = {
    **dict.fromkeys(map(ord, "‘’‚‛′´`＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»＂「」『』"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff")),
    ord("…"): "...",
}
# How a quotation says that it leaves something out, or that an editor speaks: "[the chairman]".
_OMITTED = r"\[[^\[\]]*\]|\(\.\.\.\)|\.\.\."
# A word that goes on in the next line; whether the hyphen is a part of it nobody can tell.
_BROKEN = r"(?<=[^\W\d_])-[ \t\r]*\n\s*(?=[^\W\d_])"
# What is not shown around a passage: it stands in quotation marks itself.
_AROUND = " \"'.,;:()"
# How many words of a copy are looked through for what is like a quote, all in all: about ten seconds.
_MOST = 20_000_000


class CopyError(Exception):
    """Why a copy cannot be read, in words."""


def text(store: str, name: str) -> tuple[str, ...]:
    """Return the text of a saved copy that a file of the store names, as `plain` returns it.

    If words are broken at line ends, it is that with the hyphens, and again without.

    Raises:
        CopyError: if it is not a text file that this store may name, absent, too large, or not in UTF-8.
    """
    path = _path(store, name)
    try:
        # Opening a pipe would wait for its writer.
        flags = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(path, os.O_RDONLY | flags)
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise CopyError("is no file; save the copy as a text file")
            with open(file, "rb", closefd=False) as opened:
                data = opened.read(LARGEST + 1)
        finally:
            os.close(file)
    except OSError as error:
        raise CopyError(f"{reason(error)}; save the copy there, or leave file out") from None
    if len(data) > LARGEST:
        raise CopyError(f"is larger than {LARGEST // 1024 // 1024} MiB; save the text alone")
    try:
        decoded = data.decode("utf-8-sig").translate(_PLAIN)
    except UnicodeDecodeError as error:
        raise CopyError(f"is no text in UTF-8 (byte {error.start + 1}); save it as such") from None
    return tuple(dict.fromkeys(plain(re.sub(_BROKEN, hyphen, decoded)) for hyphen in ("-", "")))


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


def plain(text: str) -> str:
    """Return the text as it is compared: composed, typewritten, without ligatures, one space for each white space."""
    # Typewritten first: NFKC makes a space and an accent of an acute that stands for an apostrophe.
    return " ".join(unicodedata.normalize("NFKC", text.translate(_PLAIN)).split())


class Search:
    """Finds quotes in copies; what it spends on likenesses is bounded for all of them together."""

    def __init__(self) -> None:
        self._left = _MOST

    def holds(self, texts: Sequence[str], quote: str) -> bool:
        """Tell whether a copy (as `text` has it) holds a quote: its parts in order, where it leaves something out.

        A quote may begin with a capital where its source has none, or without one; of nothing but marks it is none.
        """
        asked = plain(quote)
        parts = [part.strip() for part in re.split(_OMITTED, asked)]
        if not any(map(str.isalnum, "".join(parts))):
            return False
        return any(_in_order(text, [asked]) or _in_order(text, parts) for text in texts)

    def nearest(self, text: str, quote: str) -> str:
        """Return the passage of as many words that has the most of the quote's; nothing where it has less than half."""
        wanted = Counter(_words(plain(quote)))
        words = text.split()
        size = wanted.total()
        if len(words) > self._left:
            return ""
        self._left -= len(words)
        best, at, same = 0, 0, 0
        left = wanted.copy()
        folded = _words(text)
        for end, word in enumerate(folded):
            if word in wanted:
                left[word] -= 1
                same += left[word] >= 0
            gone = folded[end - size] if end >= size else ""
            if gone in wanted:
                same -= left[gone] >= 0
                left[gone] += 1
            if same > best:
                best, at = same, end
        found = " ".join(words[max(0, at - size + 1) : at + 1]) if best * 2 >= size else ""
        return found.strip(_AROUND)


def _in_order(text: str, parts: Sequence[str]) -> bool:
    at, first = 0, True
    for part in filter(None, parts):
        begins = {text.find(part, at)}
        if first:
            begins.add(text.find(part[0].swapcase() + part[1:], at))
            first = False
        if begins == {-1}:
            return False
        at = min(begins - {-1}) + len(part)
    return True


def _words(text: str) -> list[str]:
    """Return the words of a plain text without the marks around them, as many as `split` gives."""
    return [word.strip(_AROUND).casefold() for word in text.split()]
