"""The canvas of text for people: its width, its styles, and text that fits and is safe for a terminal.

Rich measures characters and renders styles; it is imported with the first styled text. The colors are the sixteen of
the terminal, which its owner chose for a light or dark background.
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
    "planned": "bright_blue",
    "reported": "magenta",
    "cancelled": "dim",
    "overdue": "bold red",
    "possible": "yellow",
    "disputed": "bold red",
    "figure": "bold",
    "quote": "italic",
    "link": "bright_blue",
    "added": "green",
    "removed": "red",
    "changed": "yellow",
}

STATUS_MARKS = {"happened": "●", "planned": "○", "reported": "◐", "cancelled": "✕", "overdue": "◎"}
"""The mark of an event by its status."""
FLAG_MARKS = {"possible": "?", "disputed": "≠"}
"""The signs beside a mark."""
MARK_LABELS = {
    "happened": "happened",
    "planned": "planned",
    "reported": "happened, by reports",
    "cancelled": "cancelled",
    "overdue": "planned, overdue",
    "possible": "possible match",
    "disputed": "sources disagree",
}
"""The legend of each mark and sign."""


def flag_texts(possible: bool, disputed: bool) -> list[tuple[str, str]]:
    """Return the signs of an event that only possibly matches, and of one whose sources disagree, with their styles."""
    return [(FLAG_MARKS[flag], flag) for flag, applies in (("possible", possible), ("disputed", disputed)) if applies]


WIDEST = 120
"""The widest column that text is padded to on a canvas without a width."""

_ASCII_FALLBACKS = {
    "●": "*", "○": "o", "◐": "+", "✕": "x", "◎": "!", "≠": "!=", "│": "|", "┆": ":", "─": "-", "·": "-",
    "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "“": '"', "”": '"', "≤": "<=", "≥": ">=",
    "±": "+/-", "├": "+", "╰": "`", "↳": "->", "↔": "<->", "█": "#", "░": ".", "▌": "#", "━": "=",
    "═": "-", "┄": ".", "◂": "<", "▸": ">", "┬": "+",
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip

_LAYOUT_CHARS = frozenset("\t\n\v\f\r\x85\u2028\u2029")


class Canvas:
    """Text output for people: `width` columns (None: unlimited), with or without color.

    If `unicode` is false, marks are drawn in ASCII. If `is_terminal` is true, the output ends with a footer.
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
        """Return the sanitized text in a style of STYLES."""
        text = self.sanitize(text)
        if not (style and self.color and text):
            return text
        if style not in self._code_cache:
            self._code_cache[style] = self.escape_codes(style)
        on, off = self._code_cache[style]
        return f"{on}{text}{off}"

    def sanitize(self, text: str) -> str:
        """Return the text on one line, without control characters."""
        if not text.isprintable():
            # Only text with line breaks or tabs is joined: the padding around an emoji must stay.
            text = texts.escape_control(text if _LAYOUT_CHARS.isdisjoint(text) else " ".join(text.split()))
        return text if self.unicode else "".join(_ASCII_FALLBACKS.get(c, c) for c in text)

    def escape_codes(self, style: str) -> tuple[str, str]:
        """Return the text that starts the style and the text that ends it: here terminal codes."""
        from rich.color import ColorSystem
        from rich.style import Style

        on, _, off = Style.parse(STYLES[style]).render("\0", color_system=ColorSystem.STANDARD).partition("\0")
        return on, off

    def measure(self, text: str) -> int:
        """Return the width of sanitized text in columns."""
        if text.isascii():
            return len(text)
        from rich.cells import cell_len

        return cell_len(text)

    def pad(self, text: str, width: int) -> str:
        """Return the sanitized text with spaces up to the width; longer text is not cut."""
        text = self.sanitize(text)
        return text + " " * (width - self.measure(text))

    def column(self, sizes: Iterable[int]) -> int:
        """Return the width of the widest text; without a width of the canvas, texts wider than WIDEST are ignored."""
        return max((size for size in sizes if self.width is not None or size <= WIDEST), default=0)

    def truncate(self, text: str, width: int) -> str:
        """Return the sanitized text; if it is wider than the width, it is cut and ends with an ellipsis."""
        text = self.sanitize(text)
        if self.width is None or self.measure(text) <= width:
            return text
        ellipsis = "…" if self.unicode else "..."
        return next(self._split_to_width(text, max(1, width - len(ellipsis))), "") + ellipsis

    def wrap(self, text: str, width: int) -> list[str]:
        """Return the sanitized text in lines of at most the width, broken at spaces if possible."""
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
        """Yield the word in parts of at most the width."""
        piece = ""
        for character in word:
            if piece and self.measure(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
