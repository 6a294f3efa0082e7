"""Articles from text, HTML, and PDF; what is not an article gets one line."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotimeline.drafting import article
from autotimeline.drafting.article import read_article, split_sentences
from autotimeline.errors import AutotimelineError

PAGE = b"""<!DOCTYPE html><html><head><title>A plant &amp; more</title>
<meta property="article:published_time" content="2025-10-28T08:00:00Z">
<style>p { color: red }</style><script>document.write("<p>Not text in 1999.</p>")</script></head>
<body><nav><ul><li><a href="/">Home</a><li><a href="/news">News of 2024</a></ul></nav>
<!-- <p>A comment of 2020.</p> -->
<article><h1>A plant &amp; more</h1>
<p>In May 2024, <b>Stellantis</b> opened a plant for 3&nbsp;million euros.<br>It sells cars.</p>
<p>It will close in 2026.</p></article>
<footer>Copyright 2025 by nobody at all, with many words, all of them in the footer.</footer></body></html>"""


def test_html_is_its_text_without_navigation() -> None:
    read = read_article(PAGE, "page.html")
    assert (read.title, read.published) == ("A plant & more", "2025-10-28")
    assert read.paragraphs == (
        "In May 2024, Stellantis opened a plant for 3 million euros.",
        "It sells cars.",
        "It will close in 2026.",
    )


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"datePublished": "2025-10-28T01:00"}</script>',
        '<meta name="date" content="2025-10-28">',
        "<meta itemprop='datePublished' content='2025-10-28'>",
        '<time datetime="2025-10-28T10:00">',
    ],
)
def test_the_day_of_publication_is_in_the_page(head: str) -> None:
    assert read_article(f"<html>{head}<p>A plant opened.</p>".encode(), "-").published == "2025-10-28"


def test_wrapped_lines_are_joined() -> None:
    read = read_article(b"A title\r\n\r\nThe joint ven-\r\nture opened\r\na plant.\r\n \r\nIt closed.", "a.txt")
    assert read.title == "A title"
    assert read.paragraphs == ("A title", "The joint venture opened a plant.", "It closed.")


def test_long_lines_are_paragraphs() -> None:
    line = "Words and more words. " * 10
    assert len(read_article(f"{line}\n{line}\n".encode(), "a.txt").paragraphs) == 2


def test_characters_that_control_a_terminal_are_not_text() -> None:
    assert read_article("A\x1b[31m plant\u202e ope\u200bned.".encode(), "a").paragraphs == ("A [31m plant opened.",)


SENTENCES = {
    "It rose. It fell.": 2,
    "Mr. Smith met Dr. No. They left.": 1,
    "Apple Inc. said so. Apple Inc. The end.": 3,
    "It was in the U.S. in Jan. 2024.": 1,
    "“It fell.” He left.": 2,
    "It cost 1.5 million. 2024 was better.": 2,
    "J. P. Morgan left": 1,
}


@pytest.mark.parametrize(("text", "count"), SENTENCES.items())
def test_sentences(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


BAD = {
    b"": "x: it has no text; save the text of the article",
    b" \n\t\n": "x: it has no text; save the text of the article",
    b"<html><script>x</script></html>": "x: it has no text; save the text of the article",
    b"\x89PNG\r\n\x00\x00": "x: binary data; save the article as text, HTML, or PDF",
    b"Caf\xe9 opened. Caf\xc3\xa9 closed.": "x: not UTF-8 (byte 4); save it as UTF-8",
    b"a" * (article.MAX_BYTES + 1): "x: larger than 16 MiB; save the text of the article alone",
}


@pytest.mark.parametrize(("data", "message"), BAD.items(), ids=range(len(BAD)))
def test_bad_input_gets_one_line(data: bytes, message: str) -> None:
    with pytest.raises(AutotimelineError) as raised:
        read_article(data, "x")
    assert str(raised.value) == message


def test_a_declared_encoding_of_a_page_is_used() -> None:
    page = b'<html><meta charset="iso-8859-1"><p>Caf\xe9 opened.'
    assert read_article(page, "x").paragraphs == ("Café opened.",)
    assert read_article("A plant opened.".encode("utf-16"), "x").paragraphs == ("A plant opened.",)


@pytest.mark.parametrize(
    "piece",
    ["<", "<!--", "<p", "<a href='", "<script>", "<div>" * 20, "&lt;", "<nav>", '<meta content="', "</", "<p>x"],
)
def test_hostile_html_takes_linear_time(piece: str) -> None:
    page = "<html><p>A plant opened.</p>" + piece * (200_000 // len(piece))
    assert "A plant opened." in read_article(page.encode(), "x").text


@given(st.text(alphabet="<>/!-=\"' apscrit&;nbx1", max_size=100))
def test_any_page_is_read(text: str) -> None:
    assert "plant" in read_article(f"<html><p>A plant opened.</p>{text}".encode(), "x").text


PDF = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R
 /Resources <</Font <</F1 5 0 R>>>>>> endobj
4 0 obj <</Length 103>> stream
BT /F1 12 Tf 20 150 Td (In May 2024, a plant) Tj 0 -14 Td (opened in Zaragoza.) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
trailer <</Root 1 0 R>>
"""


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_pdf_is_its_text() -> None:
    assert read_article(PDF, "x.pdf").paragraphs == ("In May 2024, a plant opened in Zaragoza.",)
    with pytest.raises(AutotimelineError, match="x: pdftotext cannot read it; save the article as text"):
        read_article(b"%PDF-1.4 nothing", "x")


def test_pdf_needs_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AutotimelineError) as raised:
        read_article(PDF, "x")
    what = "x: a PDF needs the program pdftotext; install poppler-utils, or save the article as text"
    assert str(raised.value) == what
