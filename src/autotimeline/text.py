"""Text from a store: folded for comparing, made safe for a terminal and a spreadsheet, near misses named."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Ideographs, kana and hangul are written without spaces: each is a word of its own to a search.
_CJK_RANGES = (
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# What parts words, of ASCII.
_ASCII_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """Return the text as it is compared: case, accents, width, hyphens and spacing set aside.

    `Citroën`, `CITROEN` and the same name in NFD are one; so are `joint-venture` and `Joint Venture`.
    """
    if text.isascii():
        return " ".join(text.lower().replace("-", " ").replace("_", " ").split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    visible = "".join(" " if _is_separator(c) else c for c in decomposed if not _is_invisible(c))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _is_separator(character: str) -> bool:
    return character in "-_" or unicodedata.category(character) in ("Pd", "Zs")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Cf", "Cc") and not character.isspace()


def search_words(text: str) -> str:
    """Return the folded words of the text, one space between them: what a search holds and asks for."""
    folded = fold(text)
    if folded.isascii():
        return folded.translate(_ASCII_SEPARATORS).strip()
    spaced = "".join(f" {c} " if _is_ideograph(c) else c if c.isalnum() else " " for c in folded)
    return " ".join(spaced.split())


def _is_ideograph(character: str) -> bool:
    code = ord(character)
    return code >= 0x3040 and any(low <= code <= high for low, high in _CJK_RANGES)


def escape_char(character: str) -> str:
    r"""Return the escape of one character: `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape_control(text: str, keep: str = "", escape: Callable[[str], str] = escape_char) -> str:
    r"""Return the text with every character that could steer a terminal written out as an escape.

    Control (C0, C1), bidirectional and other invisible format characters, line separators and lone
    surrogates become `\x1b` or `\u202e`; joiners inside emoji and scripts stay. `keep` names
    exceptions; a language with escapes of its own says in `escaped` how it writes a character.
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or not _is_unsafe(c) else escape(c) for c in text)


def _is_unsafe(character: str) -> bool:
    # Zero-width (non-)joiners shape scripts and emoji, and steer nothing.
    if character in "\u200c\u200d" or character.isprintable():
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


GUARDED_FIRST_CHARS = frozenset("'=+-@\t\r")
"""What a cell that `guard` changes begins with."""


def split_items(text: str) -> list[str]:
    """Return the items that `listed` was given: of no text, none."""
    items: list[str] = []
    after_separator = True
    for part in text.split(";") if text else ():
        if after_separator:
            items.append(part.removeprefix(" ") if items else part)
        else:
            items[-1] += ";" + part
        # An odd one of these escapes the semicolon.
        after_separator = (len(part) - len(part.rstrip("\\"))) % 2 == 0
    return ["\\".join(part.replace("\\;", ";") for part in item.split("\\\\")) for item in items]


def join_items(items: Iterable[str]) -> str:
    r"""Return the items as one text, joined by `; `, with `;` and `\` in them escaped by `\`."""
    return "; ".join([item.replace("\\", "\\\\").replace(";", "\\;") for item in items])


def guard_formula(cell: str) -> str:
    r"""Return a spreadsheet's cell so that it is read as text: with a leading `'` where it would be run.

    That is where it matches `^'*[=+\-@\t\r]` and is no number. `unguard` gives the cell back, any cell.
    """
    return "'" + cell if _is_formula(cell) else cell


def unguard_formula(cell: str) -> str:
    """Return the cell that `guard` was given."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    first = cell.lstrip("'")[:1]
    return first != "" and first in "=+-@\t\r" and not _is_signed_number(cell)


def _is_signed_number(cell: str) -> bool:
    return cell[0] in "+-" and cell.isascii() and cell[1:].replace(".", "", 1).isdecimal()


class Suggester:
    """Suggests the most alike of the known words, for one word after another."""

    # Comparisons of a word with a known one: about a second of them. Nobody reads the twentieth of a thousand mistakes.
    MAX_COMPARISONS = 20_000

    def __init__(self, known: Iterable[str]) -> None:
        self._known_by_fold = {fold(name): name for name in known}
        self._comparisons_left = self.MAX_COMPARISONS
        self._suggestions: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """Return `; did you mean "x"?` for the known word that is most like this one, else nothing."""
        if word not in self._suggestions:
            self._suggestions[word] = self._suggest(word) if self._comparisons_left > 0 else ""
        return self._suggestions[word]

    def _suggest(self, word: str) -> str:
        from difflib import get_close_matches

        folded, candidates = fold(word), list(self._known_by_fold)
        if len(candidates) > self._comparisons_left:
            # Too many for the time there is: those that begin alike and are about as long.
            candidates = [
                candidate
                for candidate in candidates
                if candidate[:1] == folded[:1] and abs(len(candidate) - len(folded)) < 3
            ][: self._comparisons_left]
        self._comparisons_left -= len(candidates)
        matches = get_close_matches(folded, candidates, n=1, cutoff=0.6)
        return f'; did you mean "{self._known_by_fold[matches[0]]}"?' if matches else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the known word that is most like this one, else nothing."""
    return Suggester(known)(word)


def format_count(number: int, noun: str) -> str:
    """Return the number with its noun: `1 event`, `3 events`."""
    return f"{number:,} {noun if number == 1 else pluralize(noun)}"


def pluralize(noun: str) -> str:
    """Return what several are called: `events`, `aliases`."""
    return noun + ("es" if noun.endswith("s") else "s")


def count_range(certain: int, possible: int) -> str:
    """Return how many there are: surely so many, and possibly as many."""
    return f"{possible:,}" if certain == possible else f"{certain:,}–{possible:,}"
