"""Text utilities: folding for comparisons, escaping for terminals and spreadsheets, suggestions, and counts."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

# Ideographs, kana, and hangul are written without spaces, so a search treats each as a word.
_CJK_RANGES = (
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# Besides dashes and spaces, whatever their shape.
_SEPARATORS = frozenset("-_'`´‘’‛′ʹʻʼ⁃−")
# Letters that neither Unicode decomposes nor their names relate to a plain letter.
_PLAIN_LETTERS = {"ı": "i", "ȷ": "j", "ð": "d", "þ": "th", "ŋ": "n"}


def fold(text: str) -> str:
    """Return the text without case, accents, strokes, width, hyphens, apostrophes, and repeated spaces, to compare it.

    `Citroën`, `CITROEN`, and the same name in NFD are equal; so are `joint-venture` and `Joint Venture`, `Łódź` and
    `lodz`, or `L’Oréal` and `l'oreal`.
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_FOLDED)).split())


def _fold_character(character: str) -> str:
    text, folded = "", character
    # What a character decomposes into may decompose further or have case: № is No.
    while folded != text:
        text = folded
        folded = "".join(map(_plain_letters, unicodedata.normalize("NFKD", text.casefold())))
    return folded


def _plain_letters(character: str) -> str:
    """Return a space for a separator, nothing for an invisible character, and `l` for `ł`, `ae` for `æ`."""
    if character.isascii() and character.isalnum():
        return character
    category = unicodedata.category(character)
    if character in _SEPARATORS or character.isspace() or category in ("Pd", "Zs"):
        return " "
    if category in ("Mn", "Cf", "Cc"):
        return ""
    # `LATIN SMALL LETTER O WITH STROKE`, `LATIN SMALL LIGATURE OE`
    base = unicodedata.name(character, "").partition(" WITH ")[0]
    letters = base.removeprefix("LATIN SMALL LETTER ").removeprefix("LATIN SMALL LIGATURE ").lower()
    return _PLAIN_LETTERS.get(character) or (letters if 0 < len(letters) <= 2 else character)


def search_words(text: str) -> str:
    """Return the folded words of the text with one space between them, for full-text search."""
    return " ".join(fold(text).translate(_WORDS).split())


def is_slug(id: str, title: str) -> bool:
    """Return whether an id is the title in words, or its first words, apart from numbers at the end."""
    words, title_words = id.split("-"), search_words(title).encode("ascii", "ignore").decode().split()
    while words and words[-1].isdigit():
        words.pop()
    return len(words) >= min(4, len(title_words)) and words == title_words[: len(words)]


def _word_character(character: str) -> str:
    """Return a character of a word, or a space for any other; an ideograph is a word."""
    return f" {character} " if _is_ideograph(ord(character)) else character if character.isalnum() else " "


def _is_ideograph(code: int) -> bool:
    return code >= 0x3040 and any(low <= code <= high for low, high in _CJK_RANGES)


class _CharacterMap(dict[int, str]):
    """What each character becomes in `str.translate`, computed when it first occurs."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        self.convert = convert

    def __missing__(self, code: int) -> str:
        self[code] = converted = self.convert(chr(code))
        return converted


_FOLDED = _CharacterMap(_fold_character)
_WORDS = _CharacterMap(_word_character)


def escape_char(character: str) -> str:
    r"""Return the escape of one character: `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape_control(text: str, keep: str = "", escape: Callable[[str], str] = escape_char) -> str:
    r"""Return the text with each control character escaped, so that it is safe for a terminal.

    Control (C0, C1), bidirectional, and other invisible format characters, line separators, and lone surrogates become
    `\x1b` or `\u202e`; joiners in emoji and scripts are allowed, as are the characters of `keep`.
    """
    plain = text
    for character in keep:
        plain = plain.replace(character, "")
    if plain.isprintable():
        return text
    return "".join(c if c in keep or not _is_unsafe(c) else escape(c) for c in text)


def _is_unsafe(character: str) -> bool:
    # Zero-width joiners and non-joiners are part of scripts and emoji.
    if character in "\u200c\u200d" or character.isprintable():
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


GUARDED_FIRST_CHARS = frozenset("'=+-@\t\r")
"""The first characters of the cells that `guard_formula` changes."""


def split_items(text: str) -> list[str]:
    """Return the items that `join_items` joined; none for an empty text."""
    items: list[str] = []
    after_separator = True
    for part in text.split(";") if text else ():
        if after_separator:
            items.append(part.removeprefix(" ") if items else part)
        else:
            items[-1] += ";" + part
        # An odd number of backslashes escapes the semicolon.
        after_separator = (len(part) - len(part.rstrip("\\"))) % 2 == 0
    return ["\\".join(part.replace("\\;", ";") for part in item.split("\\\\")) for item in items]


def join_items(items: Iterable[str]) -> str:
    r"""Return the items as one text, joined by `; `, with `;` and `\` in them escaped by `\`."""
    return "; ".join([item.replace("\\", "\\\\").replace(";", "\\;") for item in items])


def guard_formula(cell: str) -> str:
    r"""Return the cell with a leading `'` if a spreadsheet would run it as a formula.

    That is a cell that matches `^'*[=+\-@\t\r]` and is not a number. `unguard_formula` is the inverse.
    """
    return "'" + cell if _is_formula(cell) else cell


def unguard_formula(cell: str) -> str:
    """Return the cell that `guard_formula` changed, or any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    is_signed_number = cell[:1] in "+-" and cell.isascii() and cell[1:].replace(".", "", 1).isdecimal()
    return cell.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) and not is_signed_number


class Suggester:
    """Suggests the most similar known word for each misspelled one."""

    # About a second of comparisons; of a thousand mistakes, users read only the first.
    MAX_COMPARISONS = 20_000

    def __init__(self, known: Iterable[str], min_similarity: float = 0.6) -> None:
        self._known_by_fold = {fold(name): name for name in known}
        self._min_similarity = min_similarity
        self._comparisons_left = self.MAX_COMPARISONS
        self._suggestions: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        """Return `; did you mean "x"?` with the most similar known word; "" if none is similar."""
        similar = self.find(word)
        return f'; did you mean "{similar}"?' if similar else ""

    def find(self, word: str) -> str:
        """Return the most similar known word; "" if none is similar."""
        if word not in self._suggestions:
            self._suggestions[word] = self._find(word) if self._comparisons_left > 0 else ""
        return self._suggestions[word]

    def _find(self, word: str) -> str:
        from difflib import get_close_matches

        folded, candidates = fold(word), list(self._known_by_fold)
        if folded in self._known_by_fold:
            return self._known_by_fold[folded]
        if len(candidates) > self._comparisons_left:
            # Too many to compare all: use those with the same first letter and about the same length.
            candidates = [c for c in candidates if c[:1] == folded[:1] and abs(len(c) - len(folded)) < 3]
            candidates = candidates[: self._comparisons_left]
        self._comparisons_left -= len(candidates)
        matches = get_close_matches(folded, candidates, n=1, cutoff=self._min_similarity)
        return self._known_by_fold[matches[0]] if matches else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?` with the most similar known word; "" if none is similar."""
    return Suggester(known)(word)


def suggest_or_list(word: str, known: Collection[str]) -> str:
    """Return `; did you mean "x"?` with the most similar known word, or else `; there are x, y`."""
    return suggest(word, known) or "; there are " + ", ".join(known)


def format_count(number: int, noun: str) -> str:
    """Return the number with its noun: `1 event`, `3 events`."""
    return f"{number:,} {noun if number == 1 else pluralize(noun)}"


def pluralize(noun: str) -> str:
    """Return the plural: `events`, `aliases`."""
    return noun + ("es" if noun.endswith("s") else "s")


def count_range(certain: int, possible: int) -> str:
    """Return a count as a range, `3–5`, or as a number if the certain and the possible count are equal."""
    return f"{possible:,}" if certain == possible else f"{certain:,}–{possible:,}"
