"""A quote that is not in the saved copy of its source, or a copy that cannot be read."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.store.saved_copy import CopyError, QuoteSearch, read_copy

LEVEL = "problem"
EXPLAIN = """\
If a source names a saved copy (file = "…", UTF-8 text of at most 16 MiB), the copy must contain
each quote from it, word for word. White space, typographic quotation marks, dashes, and dots,
ligatures, hyphens at line ends, and the case of the first letter are ignored. "[…]", "(…)", or "…"
marks omitted text, and "[the chairman]" marks words of an editor. A quote without a word is in no
copy.

A copy is a visible file with the extension .txt, .md, or .html in or below the directory of the
store, because findings could show the text of other files. A link must lead to such a file, and
".." is refused. No copy is read if the store comes from standard input or a pipe.

Write the source's own words. If the copy is missing or is not read, put it where file says, or
remove file."""
FILES = {"sources/report.txt": "He said: “We need to strengthen\nour regional focus – now.”\n"}
_MAX_QUOTE_LENGTH = 160


def find(everything: Selection) -> Findings:
    """Yield a finding for each quote that is not in the copy of its source, and for each unreadable copy."""
    sources = read_bodies(everything, "source")
    copies = {id: (file, line, keys["file"]) for _, id, file, line, keys in sources if "file" in keys}
    if not copies:
        return
    quotes: dict[str, list[tuple[str, str, int, str]]] = {}
    for id, file, line, citations in everything.rows(("id", "file", "line", "sources")):
        for source in citations:
            if source["quote"] and source["id"] in copies:
                quotes.setdefault(source["id"], []).append((id, file, line, source["quote"]))
    search = QuoteSearch()
    for source, (store_file, source_line, name) in copies.items():
        try:
            copy = read_copy(store_file, name)
        except CopyError as error:
            yield Finding(store_file, source_line, None, f'source "{source}": file: {name} {error}')
            continue
        for id, file, line, quote in quotes.get(source, ()):
            if not search.contains(copy, quote):
                passage = _truncate(search.most_similar_passage(copy[0], quote))
                hint = f' (most similar: "{passage}")' if passage else ""
                what = f'the copy of {source} ({name}) does not contain "{_truncate(quote)}"{hint}'
                yield Finding(file, line, id, f"{what}; quote it word for word")


def _truncate(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MAX_QUOTE_LENGTH else words[: _MAX_QUOTE_LENGTH - 1].rstrip() + "…"
