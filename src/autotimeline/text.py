"""Text from a store: folded for comparing, made safe for a terminal and a spreadsheet, near misses named."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Ideographs, kana and hangul are written without spaces: each is a word of its own to a search.
_CJK = (
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# What parts words, of ASCII.
_ASCII_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """Return the text as it is compared: case, accents, width, hyphens and spacing set aside.

    `Citroën`, `CITROEN` and the same name in NFD are one; so are `joint-venture` and `Joint Venture`.
    """
    if text.isascii():
        return " ".join(text.lower().replace("-", " ").replace("_", " ").split())
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(" " if _separates(c) else c for c in plain if not _invisible(c))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _separates(character: str) -> bool:
    return character in "-_" or unicodedata.category(character) in ("Pd", "Zs")


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Cf", "Cc") and not character.isspace()


def words(text: str) -> str:
    """Return the folded words of the text, one space between them: what a search holds and asks for."""
    folded = fold(text)
    if folded.isascii():
        return folded.translate(_ASCII_BETWEEN).strip()
    spaced = "".join(f" {c} " if _ideograph(c) else c if c.isalnum() else " " for c in folded)
    return " ".join(spaced.split())


def _ideograph(character: str) -> bool:
    code = ord(character)
    return code >= 0x3040 and any(low <= code <= high for low, high in _CJK)


def escape(character: str) -> str:
    r"""Return the escape of one character: `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe(text: str, keep: str = "", escaped: Callable[[str], str] = escape) -> str:
    r"""Return the text with every character that could steer a terminal written out as an escape.

    Control (C0, C1), bidirectional and other invisible format characters, line separators and lone
    surrogates become `\x1b` or `\u202e`; joiners inside emoji and scripts stay. `keep` names
    exceptions; a language with escapes of its own says in `escaped` how it writes a character.
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or not _steers(c) else escaped(c) for c in text)


def _steers(character: str) -> bool:
    # Zero-width (non-)joiners shape scripts and emoji, and steer nothing.
    if character in "\u200c\u200d" or character.isprintable():
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


GUARDED = frozenset("'=+-@\t\r")
"""What a cell that `guard` changes begins with."""


def unlisted(text: str) -> list[str]:
    """Return the items that `listed` was given: of no text, none."""
    items: list[str] = []
    parted = True
    for part in text.split(";") if text else ():
        if parted:
            items.append(part.removeprefix(" ") if items else part)
        else:
            items[-1] += ";" + part
        # An odd one of these escapes the semicolon.
        parted = (len(part) - len(part.rstrip("\\"))) % 2 == 0
    return ["\\".join(part.replace("\\;", ";") for part in item.split("\\\\")) for item in items]


def listed(items: Iterable[str]) -> str:
    r"""Return the items as one text, joined by `; `, with `;` and `\` in them escaped by `\`."""
    return "; ".join([item.replace("\\", "\\\\").replace(";", "\\;") for item in items])


def guard(cell: str) -> str:
    r"""Return a spreadsheet's cell so that it is read as text: with a leading `'` where it would be run.

    That is where it matches `^'*[=+\-@\t\r]` and is no number. `unguard` gives the cell back, any cell.
    """
    return "'" + cell if _runs(cell) else cell


def unguard(cell: str) -> str:
    """Return the cell that `guard` was given."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(cell: str) -> bool:
    start = cell.lstrip("'")[:1]
    return start != "" and start in "=+-@\t\r" and not _signed_number(cell)


def _signed_number(cell: str) -> bool:
    return cell[0] in "+-" and cell.isascii() and cell[1:].replace(".", "", 1).isdecimal()


class Nearest:
    """Suggests the most alike of the known words, for one word after another."""

    # Comparisons of a word with a known one: about a second of them. Nobody reads the twentieth of a thousand mistakes.
    _MOST = 20_000

    def __init__(self, known: Iterable[str]) -> None:
        self._by_fold = {fold(name): name for name in known}
        self._left = self._MOST
        self._found: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """Return `; did you mean "x"?` for the known word that is most like this one, else nothing."""
        if word not in self._found:
            self._found[word] = self._asked(word) if self._left > 0 else ""
        return self._found[word]

    def _asked(self, word: str) -> str:
        from difflib import get_close_matches

        asked, known = fold(word), list(self._by_fold)
        if len(known) > self._left:
            # Too many for the time there is: those that begin alike and are about as long.
            known = [one for one in known if one[:1] == asked[:1] and abs(len(one) - len(asked)) < 3][: self._left]
        self._left -= len(known)
        close = get_close_matches(asked, known, n=1, cutoff=0.6)
        return f'; did you mean "{self._by_fold[close[0]]}"?' if close else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the known word that is most like this one, else nothing."""
    return Nearest(known)(word)


def count(number: int, noun: str) -> str:
    """Return the number with its noun: `1 event`, `3 events`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return what several are called: `events`, `aliases`."""
    return noun + ("es" if noun.endswith("s") else "s")


def ranged(certain: int, possible: int) -> str:
    """Return how many there are: surely so many, and possibly as many."""
    return f"{possible:,}" if certain == possible else f"{certain:,}–{possible:,}"
