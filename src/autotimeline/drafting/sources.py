"""The source that a draft cites: an existing one, or a new one with the title and the day of the article."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autotimeline.dates import edtf
from autotimeline.dates.span import Span
from autotimeline.drafting.article import Article
from autotimeline.drafting.proposals import ProposalSet
from autotimeline.editing.ids import IdAllocator, make_entity_id
from autotimeline.errors import UsageError
from autotimeline.query.selection import Selection
from autotimeline.reports.integrity import read_bodies
from autotimeline.store.locate import STDIN
from autotimeline.store.saved_copy import CopyError, QuoteSearch, read_copy
from autotimeline.store.table_reader import ID_PATTERN, id_hint
from autotimeline.text import fold, suggest


@dataclass(frozen=True, slots=True)
class SavedCopy:
    """The copy of a source: the source's id, the path, and the file of the store and the name in it."""

    source: str
    path: str
    store: str
    name: str


@dataclass
class ArticleSource:
    """The source that the proposals cite; `body` has its keys, and `messages` are for the user."""

    id: str
    published: Span
    body: dict[str, Any]
    is_new: bool
    copy: SavedCopy | None = None
    messages: list[str] = field(default_factory=list)

    def new_block(self) -> tuple[str, dict[str, Any]] | None:
        """Return the id and the keys of a source that the store does not have; None if it has it."""
        return (self.id, self.body) if self.is_new else None

    def set_copy(self, path: str, store_files: Sequence[str]) -> None:
        """Name a saved copy in a new source.

        Raises:
            UsageError: If the store cannot name this path, or the source exists.
        """
        top = os.path.realpath(os.path.dirname(store_files[0]))
        inner = os.path.relpath(os.path.realpath(path), top)
        if STDIN in store_files or inner.split(os.sep)[0] == os.pardir:
            raise UsageError(f"--copy {path}: outside the directory of the store; save the copy in it")
        if not inner.endswith((".txt", ".md")) or any(part.startswith(".") for part in inner.split(os.sep)):
            raise UsageError(f"--copy {path}: not a visible .txt or .md file; write sources/{self.id}.txt")
        if not self.is_new and self.body.get("file") != inner:
            what = f'--copy {path}: source "{self.id}" exists'
            raise UsageError(f"{what}; remove --copy, or name the copy with `autotimeline set {self.id} file={inner}`")
        self.body["file"] = inner.replace(os.sep, "/")

    def drop_unverified_quotes(self, result: ProposalSet, store_files: Sequence[str]) -> None:
        """Remove each quote that `check` would not find in the existing copy of the source."""
        if self.is_new or "file" not in self.body or self.copy is None:
            return
        try:
            texts = read_copy(self.copy.store, self.copy.name)
        except CopyError:
            texts = ()
        search = QuoteSearch()
        for proposal in result.proposals:
            for citation in proposal.body["sources"]:
                if not search.contains(texts, citation["quote"]):
                    del citation["quote"]
                    proposal.checks.append("the copy has the sentence with other characters, so it is not quoted")


def find_copy(selection: Selection, name: str) -> SavedCopy | None:
    """Return the saved copy of the source with this id; None if it names a file, standard input, or nothing.

    Raises:
        UsageError: If it is a source without a copy, or neither a file nor a source.
    """
    if name == STDIN or os.path.exists(name):
        return None
    return find_source_copy(selection, name, "; name a text, HTML, or PDF, a source, or - for standard input")


def find_source_copy(selection: Selection, name: str, hint: str = "") -> SavedCopy:
    """Return the saved copy of the source with this id; `hint` is what else the user may name.

    Raises:
        UsageError: If it is a source without a copy, or there is no such source.
    """
    sources = {id: (file, keys) for _, id, file, _, keys in read_bodies(selection, "source")}
    if name not in sources:
        what = f'no file and no source "{name}"' if hint else f'no source "{name}"'
        raise UsageError(what + (suggest(name, sources) or hint))
    file, keys = sources[name]
    if "file" not in keys:
        raise UsageError(f'source "{name}" has no saved copy; name the file of the article')
    return SavedCopy(name, os.path.join(os.path.dirname(file), keys["file"]), file, keys["file"])


def resolve_source(
    selection: Selection, article: Article, name: str, id: str | None, published: str | None, copy: SavedCopy | None
) -> ArticleSource:
    """Return the source to cite: the named one, or the one with the title of the article, or a new one.

    Raises:
        UsageError: If the day of publication is missing or invalid, or the id is.
    """
    sources = {key: (file, dict(keys)) for _, key, file, _, keys in read_bodies(selection, "source")}
    title = article.title or ("article" if name == STDIN else os.path.splitext(os.path.basename(name))[0])
    id = id or (copy.source if copy else next((key for key in sources if _same_title(sources[key][1], title)), None))
    if id is not None and not ID_PATTERN.fullmatch(id):
        raise UsageError(f'--source "{id}": not an id; {id_hint(id)}')
    file, body = sources.get(id or "", ("", {}))
    messages: list[str] = []
    stated = body.get("published")
    day = published or stated or article.published
    if day is None or day == "":
        raise UsageError(f"{name}: no day of publication; add --published 2025-10-28")
    span = edtf.try_parse_date(str(day))
    if span is None or not (span.nominal[0] > 0 and span.nominal[1] < 3_652_060):
        raise UsageError(f'--published "{day}": not a day, month, or year; write 2025-10-28')
    if not published and not stated:
        messages.append(f"{name}: published {span.shown}, according to the page")
    is_new = not body
    if is_new:
        id = id or make_entity_id("source", title, IdAllocator(sources))
        body = {"title": title, "published": edtf.date_to_toml(span)}
    elif published and stated and edtf.try_parse_date(str(stated)) != span:
        messages.append(f'source "{id}" has published = "{stated}"; dates are counted from {span.shown}')
    if copy is None and "file" in body and file:
        path = os.path.join(os.path.dirname(file), body["file"])
        copy = SavedCopy(id or "", path, file, body["file"])
    return ArticleSource(id or "", span, body, is_new, copy, messages)


def _same_title(keys: dict[str, Any], title: str) -> bool:
    return fold(keys.get("title", "")) == fold(title)
