"""The text of an HTML page without navigation, its title, and its day of publication, in linear time."""

import html
import re

from autotimeline.dates import edtf

_SKIPPED_TAGS = "script style noscript template svg nav header footer aside form button select figure iframe"
_BLOCK_TAGS = (
    "p div article section main li ul ol dl dt dd h1 h2 h3 h4 h5 h6 head blockquote pre table tr td th br hr body html"
    " figcaption address details summary title"
)
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCKS = _SKIPPED.union(_BLOCK_TAGS.split())
_MAX_DEPTH = 100
_MAX_LINK_SHARE = 0.5
_MIN_LENGTH = 60  # A shorter block is text if it ends as a sentence does.
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"([A-Za-z:_-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,500})\"|'([^']{0,500})')")
_META_DATES = (
    *("article:published_time", "datepublished", "parsely-pub-date", "dc.date.issued", "dcterms.issued"),
    *(
        "dcterms.created",
        "dc.date",
        "dcterms.date",
        "sailthru.date",
        "publish-date",
        "publication_date",
        "pubdate",
        "date",
    ),
)
_JSON_DATE = re.compile(r"\"datePublished\"\s{0,9}:\s{0,9}\"(\d{4}-\d\d-\d\d)")
_TIME_DATE = re.compile(r"datetime=[\"']?(\d{4}-\d\d-\d\d)")


class PageReader:
    """Reads a page once, tag by tag; a page without closing tags is read, too.

    Attributes:
        title: The title; empty if there is none.
    """

    def __init__(self, page: str) -> None:
        self.title = ""
        self._page = page
        self._blocks: list[tuple[str, float]] = []  # each with the share of it that is in links
        self._dates: dict[str, str] = {}
        self._parts: list[str] = []
        self._skipped: list[str] = []
        self._linked = 0
        self._in_link = self._in_title = False
        self._read()

    @property
    def published(self) -> str:
        """The day of publication that the page states; empty if it states none."""
        known = (self._dates[key] for key in ("json", *_META_DATES, "time") if key in self._dates)
        return next((day for day in known if edtf.try_parse_date(day)), "")

    def article_blocks(self) -> list[str]:
        """Return the blocks of text that are not mostly links; all of them if there are none."""
        chosen = [
            text
            for text, link_share in self._blocks
            if link_share < _MAX_LINK_SHARE and (len(text) > _MIN_LENGTH or text[-1] in '.!?”"')
        ]
        return chosen or [text for text, _ in self._blocks]

    def _read(self) -> None:
        page, position = self._page, 0
        while (start := page.find("<", position)) >= 0:
            self._add_text(page[position:start])
            position = self._read_tag(start)
        self._add_text(page[position:])
        self._end_block()
        self.title = html.unescape(self.title)

    def _read_tag(self, start: int) -> int:
        """Read the tag or the comment at a position, and return the position after it."""
        page = self._page
        if page.startswith("<!--", start):
            end = page.find("-->", start)
            return end + 3 if end >= 0 else len(page)
        tag, end = _TAG.match(page, start), page.find(">", start)
        if tag is None or end < 0:
            if end < 0:
                return len(page)
            self._add_text("" if page[start + 1] in "!?/" else "<")
            return end + 1 if page[start + 1] in "!?/" else start + 1
        name, closes = tag[1].lower(), page[start + 1] == "/"
        self._note(name, page[start : min(end, start + 2000)], closes=closes)
        if name in _BLOCKS:
            self._end_block()
        if name in ("script", "style") and not closes:
            close = re.compile(f"</{name}", re.IGNORECASE).search(page, end)
            after = close.end() if close else len(page)
            if name == "script" and (day := _JSON_DATE.search(page, end, after)):
                self._dates.setdefault("json", day[1])
            return after
        if name in _SKIPPED:
            self._skip(name, closes=closes, is_empty=page[end - 1] == "/")
        return end + 1

    def _note(self, name: str, tag: str, *, closes: bool) -> None:
        if name == "title":
            self._in_title = not closes and not self.title
        elif name == "a":
            self._in_link = not closes
        elif name == "time" and (day := _TIME_DATE.search(tag)):
            self._dates.setdefault("time", day[1])
        elif name == "meta":
            attributes = {key.lower(): first or second for key, first, second in _ATTRIBUTE.findall(tag)}
            key = next((attributes[k] for k in ("property", "name", "itemprop") if k in attributes), "").lower()
            day = re.match(r"\d{4}-\d\d-\d\d", attributes.get("content", ""))
            if key in _META_DATES and day:
                self._dates.setdefault(key, day[0])

    def _skip(self, name: str, *, closes: bool, is_empty: bool) -> None:
        if closes and name in self._skipped:
            del self._skipped[self._skipped.index(name) :]
        elif not (closes or is_empty) and len(self._skipped) < _MAX_DEPTH:
            self._skipped.append(name)

    def _add_text(self, text: str) -> None:
        if self._in_title:
            self.title += text
        elif text and not self._skipped:
            self._parts.append(text)
            self._linked += len(text.strip()) if self._in_link else 0

    def _end_block(self) -> None:
        if text := " ".join(html.unescape("".join(self._parts)).split()):
            self._blocks.append((text, self._linked / len(text)))
        self._parts, self._linked = [], 0
