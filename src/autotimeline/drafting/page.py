"""The text of an HTML page without navigation, its title, and its day of publication, in linear time.

`html.parser` is not used: in some supported versions of Python, its time is quadratic for hostile pages.
"""

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
# A tag ends before the next "<", so that the time is linear.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b[^<>]*>(?P<content>.*?)(?:</(?P=raw)[^<>]*>?|\Z)"
    r"|<(?P<closes>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>[^<>]*)>|<[!?/a-z][^<>]*>?|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z:_-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"]{0,500})\"|'([^']{0,500})')")
_JSON_DATE = re.compile(r"\"datePublished\"\s{0,9}:\s{0,9}\"(\d{4}-\d\d-\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# The names of a day of publication in `meta`, the most reliable first.
_META_DATE_NAMES = (
    "article:published_time datepublished parsely-pub-date dc.date.issued dcterms.issued dcterms.created dc.date"
    " dcterms.date sailthru.date publish-date publication_date pubdate date"
)


class PageReader:
    """Reads a page once, tag by tag; a page without closing tags is read, too.

    Attributes:
        title: The title; empty if there is none.
    """

    def __init__(self, page: str) -> None:
        self._blocks: list[tuple[str, float]] = []  # each with the share of it that is in links
        self._dates: dict[str, str] = {}
        self._titles: list[str] = []
        self._parts: list[str] = []
        self._skipped: list[str] = []
        self._linked = 0
        self._in_link = self._in_title = False
        for token in _TOKEN.finditer(page):
            if token["text"]:
                self._add_text(token["text"])
            elif token["tag"]:
                self._read_tag(token["tag"].lower(), token["attributes"], closes=bool(token["closes"]))
            elif token["raw"] and (day := _JSON_DATE.search(token["content"])):
                self._dates.setdefault("json", day[1])
        self._end_block()
        self.title = html.unescape("".join(self._titles))

    @property
    def published(self) -> str:
        """The day of publication that the page states; empty if it states none."""
        days = (self._dates.get(key, "") for key in ("json", *_META_DATE_NAMES.split(), "time"))
        return next((day for day in days if _DAY.fullmatch(day) and edtf.try_parse_date(day)), "")

    def article_blocks(self) -> list[str]:
        """Return the blocks of text that are not mostly links; all of them if there are none."""
        chosen = [
            text
            for text, link_share in self._blocks
            if link_share < _MAX_LINK_SHARE and (len(text) > _MIN_LENGTH or text[-1] in '.!?”"')
        ]
        return chosen or [text for text, _ in self._blocks]

    def _read_tag(self, name: str, text: str, *, closes: bool) -> None:
        if name in _BLOCKS:
            self._end_block()
        if name == "title":
            self._in_title = not closes and not self._titles
        elif name == "a":
            self._in_link = not closes
        elif name in ("meta", "time"):
            attributes = {key.lower(): first or second for key, first, second in _ATTRIBUTE.findall(text)}
            key = next((attributes[k] for k in ("property", "name", "itemprop") if k in attributes), "").lower()
            day = attributes.get("datetime" if name == "time" else "content", "")[:10]
            self._dates.setdefault("time" if name == "time" else key, day)
        elif closes and name in self._skipped:
            del self._skipped[self._skipped.index(name) :]
        elif name in _SKIPPED and not (closes or text.endswith("/")) and len(self._skipped) < _MAX_DEPTH:
            self._skipped.append(name)

    def _add_text(self, text: str) -> None:
        if self._in_title:
            self._titles.append(text)
        elif not self._skipped:
            self._parts.append(text)
            self._linked += len(text.strip()) if self._in_link else 0

    def _end_block(self) -> None:
        if text := " ".join(html.unescape("".join(self._parts)).split()):
            self._blocks.append((text, self._linked / len(text)))
        self._parts, self._linked = [], 0
