"""A draft as TOML that `import -` reads, with the reasons to check in comments, and as a table."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from autotimeline.drafting.proposals import ProposalSet, Proposer
from autotimeline.store.toml_writer import format_block, format_value
from autotimeline.table import Column, Table
from autotimeline.text import escape_control, format_count

FIELDS = (
    *("date", "period", "printed", "title", "status", "reported", "actors", "places", "figures"),
    *("source", "quote", "checks"),
)
TABLE_FIELDS = ("date", "period", "title", "status", "actors", "figures", "checks")


def to_toml(result: ProposalSet, source: tuple[str, Mapping[str, Any]] | None) -> str:
    """Return the draft: the source unless it exists (None), the new actors, and the proposals."""
    blocks = [f"# {format_count(len(result.proposals), 'proposal')}; check each, and remove what is wrong.\n"]
    if source:
        blocks.append(format_block(f"source.{source[0]}", source[1]))
    for id, name, count in result.new_actors:
        blocks.append(
            _with_comments(
                format_block(f"actor.{id}", {"name": name}),
                [f"new, mentioned {'once' if count == 1 else f'{count} times'}"],
            )
        )
    blocks += [_with_comments(format_block("event", proposal.body), proposal.checks) for proposal in result.proposals]
    return "\n".join(blocks)


def _with_comments(block: str, comments: list[str]) -> str:
    header, _, rest = block.partition("\n")
    lines = [f"# {_comment(text)}\n" for text in comments]
    return f"{header}\n{''.join(lines)}{rest}"


def _comment(text: str) -> str:
    text = " ".join(escape_control(text).split())
    return text if text.startswith(("already in", "date depends on", "new,")) else f"check: {text}"


def to_table(result: ProposalSet) -> Table:
    """Return the proposals as rows with the fields FIELDS."""
    return Table([Column(name, _item_to_text) for name in FIELDS], _rows(result))


def _rows(result: ProposalSet) -> Iterator[list[Any]]:
    for proposal in result.proposals:
        body = proposal.body
        row: list[Any] = [body.get(name) for name in FIELDS[:5]]
        row += [
            body.get("reported", False),
            list(body.get("actors", ())),
            body.get("places", []),
            body.get("figures", {}),
        ]
        citation = body["sources"][0]
        yield [*row, citation["id"], citation.get("quote"), proposal.checks]


def _item_to_text(item: Any) -> str:
    if isinstance(item, dict):
        return "; ".join(
            f"{key}={value if isinstance(value, str) else format_value(value)}" for key, value in item.items()
        )
    return str(item)


def to_prompt(proposer: Proposer) -> str:
    """Return the prompt for a language model: the rules, the schema, the actors of the store, and the article."""
    directory = os.path.dirname(__file__)
    parts = []
    for name in ("prompt.md", "proposal.schema.json"):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            parts.append(file.read().strip())
    rules, schema = parts
    actors = "\n".join(f"{id}: {', '.join(names)}" for id, names in proposer.actor_names.items())
    return (
        f"{rules}\n\nJSON schema:\n\n```json\n{schema}\n```\n\nActors (id: names):\n\n{actors or 'none'}\n\n"
        f"Day of publication: {proposer.published.shown}\n\nArticle:\n\n{proposer.article.text}"
    )
