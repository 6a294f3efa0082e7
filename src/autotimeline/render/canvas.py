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

MARKS = {"happened": "●", "planned": "○", "reported": "◐", "cancelled": "✕", "overdue": "◎"}
"""The mark of an event, by how it stands."""
SIGNS = {"possible": "?", "disputed": "≠"}
"""What may stand beside a mark."""
SAID = {"possible": "may not match", "disputed": "sources disagree"}
"""What a legend says of each sign; of a mark it says its name."""

WIDEST = 120
"""How many columns a text is padded to at most, where the page has no width."""

_ASCII = {
    "●": "*", "○": "o", "◐": "+", "✕": "x", "◎": "!", "≠": "!=", "│": "|", "┆": ":", "─": "-", "·": "-",
    "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "“": '"', "”": '"', "≤": "<=", "≥": ">=",
    "±": "+/-", "├": "+", "╰": "`", "↳": "->", "↔": "<->", "█": "#", "░": ".", "▌": "#", "━": "=",
    "═": "-", "┄": ".", "◂": "<", "▸": ">", "┬": "+",
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip

_LAYOUT = frozenset("\t\n\v\f\r\x85\u2028\u2029")


class Paper:
    """A page for people: `width` columns (None: as wide as the text), in `colours` or without.

    `unicode` is False where the output cannot carry the marks: then they are drawn in ASCII. `terminal` is
    True where a person reads it as it comes, which is where footers belong.
    """

    __slots__ = ("_codes", "colours", "terminal", "unicode", "width")

    def __init__(
        self, width: int | None, *, colours: bool = False, unicode: bool = True, terminal: bool = False
    ) -> None:
        self.width = width
        self.colours = colours
        self.unicode = unicode
        self.terminal = terminal
        self._codes: dict[str, tuple[str, str]] = {}

    def ink(self, text: str, style: str = "") -> str:
        """Return the text, made safe, in the style of that name (see STYLES)."""
        text = self.clean(text)
        if not (style and self.colours and text):
            return text
        if style not in self._codes:
            self._codes[style] = self.code(style)
        on, off = self._codes[style]
        return f"{on}{text}{off}"

    def clean(self, text: str) -> str:
        """Return the text on one line, with nothing in it that steers a terminal; clean text stays as it is."""
        if not text.isprintable():
            # Only text laid out in lines is laid out again: padding around an emoji must stay.
            text = texts.safe(text if _LAYOUT.isdisjoint(text) else " ".join(text.split()))
        return text if self.unicode else "".join(_ASCII.get(c, c) for c in text)

    def code(self, style: str) -> tuple[str, str]:
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
        text = self.clean(text)
        return text + " " * (width - self.measure(text))

    def column(self, sizes: Iterable[int]) -> int:
        """Return how wide a column of such texts is: as the widest, but on a page without width not as an outlier.

        There a longer text than WIDEST stands out, and the others are not padded for its sake.
        """
        return max((size for size in sizes if self.width is not None or size <= WIDEST), default=0)

    def cut(self, text: str, width: int) -> str:
        """Return the text, cleaned, cut to the width with an ellipsis where it is longer."""
        text = self.clean(text)
        if self.width is None or self.measure(text) <= width:
            return text
        tail = "…" if self.unicode else "..."
        return next(self._pieces(text, max(1, width - len(tail))), "") + tail

    def wrap(self, text: str, width: int) -> list[str]:
        """Return the text, cleaned, in lines of at most the width, broken at spaces where there are any."""
        text = self.clean(text)
        if self.width is None or self.measure(text) <= width:
            return [text]
        lines: list[str] = []
        room = -1
        for word in filter(None, text.split(" ")):
            size = self.measure(word)
            if size < room:
                lines[-1] += " " + word
                room -= size + 1
            elif size <= width:
                lines.append(word)
                room = width - size
            else:
                lines += self._pieces(word, max(2, width))
                room = width - self.measure(lines[-1])
        return lines or [""]

    def _pieces(self, word: str, width: int) -> Iterator[str]:
        """Yield pieces of the word that are each at most that wide."""
        piece = ""
        for character in word:
            if piece and self.measure(piece + character) > width:
                yield piece
                piece = ""
            piece += character
        yield piece
