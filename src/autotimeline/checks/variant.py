"""A kind, tag, role, place, metric, or unit in two spellings that queries treat as one."""

from autotimeline.checks._finding import Finding, Findings
from autotimeline.checks._word_usage import WordUse, collect_words, comparison_key
from autotimeline.query.selection import Selection

LEVEL = "problem"
EXPLAIN = """\
Queries, counts, charts, and names ignore case, accents, strokes (ø), ligatures (æ), width,
invisible characters, and hyphens and apostrophes for spaces. Lists and other programs do not. The
plural s of a unit is ignored, too, but a capital that makes another unit (mW and MW, t and T) is
not a variant.

Use one spelling everywhere."""


def find(everything: Selection) -> Findings:
    """Yield a finding for the first use of each spelling except the most frequent one."""
    for category, uses_by_word in collect_words(everything).items():
        spellings: dict[str, list[WordUse]] = {}
        for word, use in uses_by_word.items():
            spellings.setdefault(comparison_key(category, word), []).append(use)
        for uses in spellings.values():
            # The first of equally frequent spellings is preferred.
            preferred = max(uses, key=lambda use: use.count)
            for use in uses:
                if use is not preferred:
                    what = f"the {category} {use.description} is {preferred.description} in another spelling"
                    yield Finding(use.file, use.line, use.event, f"{what}; use one of them everywhere")
