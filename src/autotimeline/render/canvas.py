"""What is drawn on: a width, colours or none, and text that fits and steers nothing.

Rich measures characters and turns styles into the terminal's own codes; it is imported when the
first picture is drawn. Colours are the terminal's sixteen, which its owner chose for light or dark.
"""

from __future__ import annotations

from autotimeline import text as texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STYLES = {
    "year": "bold",
    "title": "bold",
    "muted": "dim",
    "date": "cyan",
    "happened": "green",
    "planned": "blue",
    "reported": "magenta",
    "cancelled": "dim",
    "overdue": "bold red",
    "possible": "yellow",
    "disputed": "bold red",
    "figure": "bold",
    "quote": "italic",
    "link": "blue",
    "added": "green",
    "removed": "red",
    "changed": "yellow",
}

STATUS_MARKS = {"happened": "●", "planned": "○", "reported": "◐", "cancelled": "✕", "overdue": "◎"}
"""The mark of an event, by how it stands."""
FLAG_MARKS = {"possible": "?", "disputed": "≠"}
"""What may stand beside a mark."""
FLAG_LABELS = {"possible": "may not match", "disputed": "sources disagree"}
"""What a legend says of each sign; of a mark it says its name."""

WIDEST = 120
"""How many columns a text is padded to at most, where the page has no width."""

_ASCII_FALLBACKS = {
    "●": "*", "○": "o", "◐": "+", "✕": "x", "◎": "!", "≠": "!=", "│": "|", "┆": ":", "─": "-", "·": "-",
    "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "“": '"', "”": '"', "≤": "<=", "≥": ">=",
    "±": "+/-", "├": "+", "╰": "`", "↳": "->", "↔": "<->", "█": "#", "░": ".", "▌": "#", "━": "=",
    "═": "-", "┄": ".", "◂": "<", "▸": ">", "┬": "+",
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip

_LAYOUT_CHARS = frozenset("\t\n\v\f\r\x85\u2028\u2029")


class Canvas:
    """A page for people: `width` columns (None: as wide as the text), in `colours` or without.

    `unicode` is False where the output cannot carry the marks: then they are drawn in ASCII. `terminal` is
    True where a person reads it as it comes, which is where footers belong.
    """

    __slots__ = ("_code_cache", "color", "is_terminal", "unicode", "width")

    def __init__(
        self, width: int | None, *, color: bool = False, unicode: bool = True, is_terminal: bool = False
    ) -> None:
        self.width = width
        self.color = color
        self.unicode = unicode
        self.is_terminal = is_terminal
        self._code_cache: dict[str, tuple[str, str]] = {}

    def stylize(self, text: str, style: str = "") -> str:
        """Return the text, made safe, in the style of that name (see STYLES)."""
        text = self.sanitize(text)
        if not (style and self.color and text):
            return text
        if style not in self._code_cache:
            self._code_cache[style] = self.escape_codes(style)
        on, off = self._code_cache[style]
        return f"{on}{text}{off}"

    def sanitize(self, text: str) -> str:
        """Return the text on one line, with nothing in it that steers a terminal; clean text stays as it is."""
        if not text.isprintable():
            # Only text laid out in lines is laid out again: padding around an emoji must stay.
            text = texts.escape_control(text if _LAYOUT_CHARS.isdisjoint(text) else " ".join(text.split()))
        return text if self.unicode else "".join(_ASCII_FALLBACKS.get(c, c) for c in text)

    def escape_codes(self, style: str) -> tuple[str, str]:
        """Return what switches a style on, and off again: those of a terminal; paper of another kind has its own."""
        from rich.color import ColorSystem
        from rich.style import Style

        on, _, off = Style.parse(STYLES[style]).render("\0", color_system=ColorSystem.STANDARD).partition("\0")
        return on, off

    def measure(self, text: str) -> int:
        """Return how many columns the text takes (of data: clean it first)."""
        if text.isascii():
            return len(text)
        from rich.cells import cell_len

        return cell_len(text)

    def pad(self, text: str, width: int) -> str:
        """Return the text, cleaned, with spaces up to the width; longer text stays."""
        text = self.sanitize(text)
        return text + " " * (width - self.measure(text))

    def column(self, sizes: Iterable[int]) -> int:
        """Return how wide a column of such texts is: as the widest, but on a page without width not as an outlier.

        There a longer text than WIDEST stands out, and the others are not padded for its sake.
        """
        return max((size for size in sizes if self.width is not None or size <= WIDEST), default=0)

    def truncate(self, text: str, width: int) -> str:
        """Return the text, cleaned, cut to the width with an ellipsis where it is longer."""
        text = self.sanitize(text)
        if self.width is None or self.measure(text) <= width:
            return text
        ellipsis = "…" if self.unicode else "..."
        return next(self._split_to_width(text, max(1, width - len(ellipsis))), "") + ellipsis

    def wrap(self, text: str, width: int) -> list[str]:
        """Return the text, cleaned, in lines of at most the width, broken at spaces where there are any."""
        text = self.sanitize(text)
        if self.width is None or self.measure(text) <= width:
            return [text]
        lines: list[str] = []
        available = -1
        for word in filter(None, text.split(" ")):
            word_width = self.measure(word)
            if word_width < available:
                lines[-1] += " " + word
                available -= word_width + 1
            elif word_width <= width:
                lines.append(word)
                available = width - word_width
            else:
                lines += self._split_to_width(word, max(2, width))
                available = width - self.measure(lines[-1])
        return lines or [""]

    def _split_to_width(self, word: str, width: int) -> Iterator[str]:
        """Yield pieces of the word that are each at most that wide."""
        piece = ""
        for character in word:
            if piece and self.measure(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
