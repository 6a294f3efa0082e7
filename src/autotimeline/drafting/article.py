"""Articles as paragraphs and sentences, from text, HTML, or PDF. Nothing is fetched or executed."""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from autotimeline.drafting.page import PageReader
from autotimeline.errors import AutotimelineError, error_reason

MAX_BYTES = 16 * 1024 * 1024  # as much as a saved copy may have
_PDF_SECONDS = 60
_MAX_TITLE = 160  # A longer first line is a paragraph.
_WRAPPED_WIDTH = 150  # Lines of a paragraph that are longer than this are paragraphs.

_ENGLISH_WORDS = ("the", "of", "and", "to", "with", "from", "by", "for", "its", "that", "said", "were", "has", "will")
_OTHER_WORDS = (
    *(
        "der",
        "die",
        "das",
        "und",
        "ist",
        "ein",
        "mit",
        "von",
        "le",
        "les",
        "des",
        "du",
        "un",
        "une",
        "et",
        "est",
        "los",
    ),
    *("el", "en", "de", "y", "la", "il", "gli", "di", "che", "per", "con", "del", "het", "een", "van", "op", "och"),
    *("att", "som", "na", "w", "z", "do", "nel", "al", "ha", "dal", "em", "um", "uma", "por", "para", "im", "zu"),
)
_BULLET = r"[ \t]*[-*•·‣–][ \t]+"
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?:[\"'”’)\]]*)(?P<gap> )(?=[\"'“‘(\[]*[A-Z0-9€$£])|(?<=[.!?][\"'”’)]) (?=[“\"]?[A-Z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Rev|St|Jr|Sr|vs|No|Nos|Fig|approx|ca|cf|Mt|Ft|Art"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|e\.g|i\.e)|(?:^|[\s(.])[A-Z])\.$"
)
# These may end a sentence; then a word follows that begins one.
_COMPANY = re.compile(
    r"\b(?:Inc|Corp|Co|Cos|Ltd|Bros|Plc|S\.A|N\.V|U\.S|U\.K|U\.N|E\.U|a\.m|p\.m|Va|Md|Calif|Mass|Conn)\.$"
)
_STARTERS = re.compile(
    r"[\"“(]*(?:The|A|An|It|Its|In|On|At|He|She|They|We|But|And|This|That|These|Those|For|By|As|Under|After|Before|Since"
    r"|While|When|If|Mr|Mrs|Ms|Other|Both|Some|Most|Last|Net|Sales|Revenue|Shares|There|Their|His|Her|Analysts)\b"
)

_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """The text of an article in paragraphs, and what its file states about it (empty if nothing)."""

    paragraphs: tuple[str, ...]
    title: str = ""
    published: str = ""

    @property
    def text(self) -> str:
        """The paragraphs, separated by blank lines."""
        return "\n\n".join(self.paragraphs) + "\n"

    @property
    def is_english(self) -> bool:
        """Whether its common words are those of English (a name may have one of another language), in Latin letters."""
        words = Counter(re.findall(r"[^\W\d_]+", self.text))
        latin = sum(count for word, count in words.items() if max(word) < "\u0250")
        english, other = (sum(words[word] for word in common) for common in (_ENGLISH_WORDS, _OTHER_WORDS))
        return other <= english + 1 and 2 * latin >= words.total()

    def sentences(self) -> list[str]:
        """Return the sentences in order, without those of a headline, which the text repeats."""
        has_headline = len(self.paragraphs) > 1 and self.paragraphs[0] == self.title
        return [text for paragraph in self.paragraphs[has_headline:] for text in split_sentences(paragraph)]


def read_article(data: bytes, name: str) -> Article:
    """Read the bytes of a text, an HTML page, or a PDF; `name` is for messages.

    Raises:
        AutotimelineError: If the data is empty, too large, or not an article.
    """
    if len(data) > MAX_BYTES:
        raise AutotimelineError(
            f"{name}: larger than {MAX_BYTES // 1024 // 1024} MiB; save the text of the article alone"
        )
    if data.lstrip()[:5] == b"%PDF-":
        return _parse_text(_pdf_to_text(data, name), name)
    text = decode_text(data, name)
    head = text[:2000].lstrip().lower()
    if head.startswith(("<!doctype html", "<html", "<head", "<body")) or (
        head.startswith("<") and ("<html" in head or "<p" in head or name.lower().endswith((".html", ".htm")))
    ):
        return _parse_html(text, name)
    return _parse_text(text, name)


def decode_text(data: bytes, name: str) -> str:
    """Return a text in UTF-8, in UTF-16 with a byte order mark, or in the encoding that a page declares.

    Raises:
        AutotimelineError: If it is not.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data:
        raise AutotimelineError(f"{name}: binary data; save the article as text, HTML, or PDF")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(data[:4096])
        try:
            if declared and data.lstrip()[:1] == b"<":
                return data.decode(declared[1].decode("ascii"))
        except (LookupError, ValueError):
            pass
        what = f"{name}: not UTF-8 (byte {error.start + 1})"
        raise AutotimelineError(f"{what}; save it as UTF-8") from None


def _pdf_to_text(data: bytes, name: str) -> str:
    import subprocess

    command = ["pdftotext", "-q", "-enc", "UTF-8", "-", "-"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_PDF_SECONDS, check=False)  # noqa: S603  fixed words
    except FileNotFoundError:
        what = f"{name}: a PDF needs the program pdftotext"
        raise AutotimelineError(f"{what}; install poppler-utils, or save the article as text") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AutotimelineError(f"{name}: pdftotext failed ({error_reason(error)}); save the article as text") from None
    if done.returncode:
        raise AutotimelineError(f"{name}: pdftotext cannot read it; save the article as text")
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n\n")


def _parse_text(text: str, name: str) -> Article:
    paragraphs: list[str] = []
    for block in re.split(rf"\n[ \t]*\n|\n(?={_BULLET})", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        wrapped = max(map(len, lines)) <= _WRAPPED_WIDTH
        paragraphs += [_join_lines(lines)] if wrapped else map(clean_text, lines)
    return _make_article(paragraphs, name)


def _join_lines(lines: list[str]) -> str:
    # A word that continues on the next line; `check` accepts it with and without the hyphen.
    return clean_text(re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", "\n".join(lines)))


def clean_text(text: str) -> str:
    """Return a text with single spaces, and without characters that are invisible or control a terminal."""
    if not text.isprintable():
        text = "".join(" " if c.isspace() or unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co") or c in "\u200c\u200d")
    return " ".join(text.split())


def _make_article(paragraphs: list[str], name: str, title: str = "", published: str = "") -> Article:
    kept = [re.sub(f"^{_BULLET}", "", paragraph) for paragraph in paragraphs if any(map(str.isalnum, paragraph))]
    if not kept:
        raise AutotimelineError(f"{name}: it has no text; save the text of the article")
    if not title and len(kept[0]) <= _MAX_TITLE and not kept[0].endswith((".", ":", ",", ";")):
        title = kept[0]
    return Article(tuple(kept), title, published)


def _parse_html(page: str, name: str) -> Article:
    reader = PageReader(page)
    text = _extract_with_trafilatura(page)
    paragraphs = text.split("\n") if text else reader.article_blocks()
    return _make_article(list(map(clean_text, paragraphs)), name, clean_text(reader.title), reader.published)


def _extract_with_trafilatura(page: str) -> str:
    """Return the text that the optional extra extracts; empty without it."""
    try:
        import trafilatura
    except ImportError:
        return ""
    return trafilatura.extract(page, include_comments=False, include_tables=False) or ""


def split_sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph; abbreviations such as "Corp." end one only before a word that begins one."""
    sentences, start = [], 0
    for match in _SENTENCE_END.finditer(paragraph):
        end = match.end()
        words = paragraph[max(start, end - 20) : end].rstrip()
        is_decimal = paragraph[end : end + 1].isdigit() and words[-3:-2].isdigit() and words[-2:] == " ."
        if (
            is_decimal
            or _ABBREVIATION.search(words)
            or (_COMPANY.search(words) and not _STARTERS.match(paragraph, end))
        ):
            continue
        sentences.append(paragraph[start:end].rstrip())
        start = end
    sentences.append(paragraph[start:])
    return [sentence for sentence in sentences if sentence.strip()]
