"""A kind, tag, role, place, metric, or unit in two spellings that queries treat as one."""

from __future__ import annotations

from autotimeline.checks._finding import Finding
from autotimeline.checks._word_usage import collect_words, comparison_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from autotimeline.checks._word_usage import WordUse
    from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
Queries ignore case, accents, width, hyphens for spaces, and invisible characters, and the plural s
of a unit. Lists, counts, and other programs do not: "Deal" and "deal" are two lines of a count. A
capital that makes another unit (mW and MW, t and T) is not a variant.

Use one spelling everywhere."""


def find(everything: Selection) -> Iterator[Finding]:
    """Yield a finding for each spelling but the most frequent, where it is used first."""
    for category, uses_by_word in collect_words(everything).items():
        spellings: dict[str, list[WordUse]] = {}
        for word, use in uses_by_word.items():
            spellings.setdefault(comparison_key(category, word), []).append(use)
        for uses in spellings.values():
            # Of two that are as frequent the first is taken to be meant.
            preferred = max(uses, key=lambda use: use.count)
            for use in uses:
                if use is not preferred:
                    what = f"the {category} {use.description} is {preferred.description} in another spelling"
                    yield Finding(use.file, use.line, use.event, f"{what}; write one of them everywhere")
