"""Proposals of an assistant: verified against a source, and imported as one change if writing is allowed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autotimeline.api import Timeline
from autotimeline.assistants.answer import NOTICE
from autotimeline.assistants.tools import StoreTools
from autotimeline.drafting.article import MAX_BYTES, read_article
from autotimeline.drafting.proposals import ProposalSet, Proposer
from autotimeline.drafting.render import to_prompt, to_table, to_toml
from autotimeline.drafting.sources import ArticleSource, find_source_copy, resolve_source
from autotimeline.drafting.verify import Verifier
from autotimeline.editing.transaction import StoreWriter
from autotimeline.editing.unified_diff import format_unified_diff
from autotimeline.errors import UsageError
from autotimeline.formats._json import json_objects
from autotimeline.importing.import_options import ImportOptions
from autotimeline.importing.load import load_files
from autotimeline.importing.plan import ImportPolicy
from autotimeline.importing.run import run_import
from autotimeline.store.saved_copy import CopyError, read_copy_bytes
from autotimeline.text import escape_control

MAX_PROPOSALS = 50
MAX_CHARACTERS = 400_000  # of an article, and of all proposals


@dataclass(frozen=True)
class Article:
    """What proposals cite: a source of the store with a saved copy, or a text with its title and day of publication."""

    source: str = ""
    text: str = ""
    title: str = ""
    published: str = ""


@dataclass(frozen=True)
class Verdicts:
    """What `draft --from` accepts: rows with `checks` for people, a message for each change and refusal, and TOML."""

    notice: str
    accepted: list[dict[str, Any]]
    refused: int
    messages: list[str]
    toml: str


@dataclass(frozen=True)
class Import:
    """An import: the new ids, messages, and the change as a unified diff. `autotimeline undo` reverts it."""

    notice: str
    new_ids: list[str]
    messages: list[str]
    diff: str


def verify_proposals(tools: StoreTools, proposals: Sequence[dict[str, Any]], article: Article) -> Verdicts:
    """Return the verdicts about proposals; nothing is written."""
    with _verify(tools, proposals, article) as (result, source, verifier):
        toml = to_toml(result, source.new_block()) if result.proposals else ""
        accepted = [json.loads(text) for text in json_objects(to_table(result))]
        messages = [escape_control(text) for text in (*source.messages, *verifier.messages)]
        return Verdicts(NOTICE, accepted, verifier.refused_count, messages, escape_control(toml, keep="\n\t"))


def import_proposals(tools: StoreTools, proposals: Sequence[dict[str, Any]], article: Article) -> Import:
    """Import proposals that are all accepted, as one change that `undo` reverts.

    Raises:
        UsageError: If a proposal is refused; nothing is written.
    """
    with _verify(tools, proposals, article) as (result, source, verifier):
        if verifier.refused_count or not result.proposals:
            raise UsageError("nothing was written: a proposal is refused; propose again without it", *verifier.messages)
        toml = to_toml(result, source.new_block())
    with tools.lock:
        writer = StoreWriter(tools.files, "mcp", today=tools.today, cache=tools.cache)
        loaded = load_files([("draft.toml", toml.encode(), None)], ImportOptions())
        files, plan = run_import(loaded, ImportPolicy(), writer)
    messages = [escape_control(text) for text in (*verifier.messages, *plan.messages)]
    return Import(NOTICE, list(plan.new_ids), messages, escape_control(format_unified_diff(files), keep="\n\t"))


def drafting_prompt(tools: StoreTools, article: Article) -> str:
    """Return the prompt of `draft --prompt` about an article."""
    with tools.open() as timeline:
        return escape_control(to_prompt(_proposer(timeline, article)[0]), keep="\n\t")


@contextmanager
def _verify(
    tools: StoreTools, proposals: Sequence[dict[str, Any]], article: Article
) -> Iterator[tuple[ProposalSet, ArticleSource, Verifier]]:
    if not proposals or len(proposals) > MAX_PROPOSALS:
        raise UsageError(f"proposals: write 1 to {MAX_PROPOSALS} of them, not {len(proposals):,}")
    if len(json.dumps(proposals)) > MAX_CHARACTERS:
        raise UsageError(f"proposals: more than {MAX_CHARACTERS:,} characters; propose fewer at a time")
    with tools.open() as timeline:
        proposer, source = _proposer(timeline, article)
        verifier = Verifier(proposer)
        result = verifier.verify(proposals)
        source.drop_unverified_quotes(result, timeline.files)
        yield result, source, verifier


def _proposer(timeline: Timeline, article: Article) -> tuple[Proposer, ArticleSource]:
    """Return the proposer and the source of an article; only saved copies that `check` would read are read."""
    selection = timeline.select()
    if bool(article.source) == bool(article.text):
        raise UsageError("write source, the id of a source with a saved copy, or text, the article; not both")
    if len(article.text) > min(MAX_CHARACTERS, MAX_BYTES):
        raise UsageError(f"text: more than {MAX_CHARACTERS:,} characters; propose from a part of it")
    if article.text:
        data, name, copy = article.text.encode(errors="replace"), article.title or "article", None
    else:
        copy = find_source_copy(selection, article.source)
        try:
            name, data = article.source, read_copy_bytes(copy.store, copy.name)
        except CopyError as error:
            raise UsageError(f'source "{article.source}": file: {copy.name} {error}') from None
    parsed = read_article(data, copy.name if copy else f"{name}.txt")
    source = resolve_source(selection, parsed, name, article.source or None, article.published or None, copy)
    return Proposer(parsed, source.published, selection, source.id), source
