"""Complete a word of one kind: an id, a name, a field, a term of a query."""

from __future__ import annotations

import os

from autotimeline import plugins
from autotimeline.cli import options
from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autotimeline.query.selection import Selection

    # A word of the command line, and a line of help for it.
    Candidate = tuple[str, str]

CONTINUING_SUFFIXES = (":", "@", "/")
"""After these suffixes no space follows, because the word continues."""

_OPERATORS = (("not", "what the next term does not match"), ("or", "what either side matches"))
_KIND_AFTER_AT = {"actor": "role", "group": "role", "link": "id"}
_MAX_DESCRIBED = 200  # nobody reads more descriptions
_EVENT_FIELDS = ("id", "date", "since", "until", "near")


def complete_value(kind: str, typed: str, files: Sequence[str], fields: Sequence[str] = ()) -> list[Candidate]:
    """Return the completions of a word, in order.

    Args:
        kind: A field of the query language, or `query`, `fields`, `sortable`, `side`, `thing`, `assignment`, `by`,
            `sums`, `currencies`, `names`, `links`, `lanes`, `formats`, `exports`, `rules`, `colors`, `periods`, or
            `shells`. Other kinds have none.
        typed: The beginning of the word.
        files: The files of `-f`, empty for the default store. If the store is missing or invalid, only completions
            that do not depend on it are returned.
        fields: The completions of `fields` and `sortable`.
    """
    from autotimeline.query.fields import QUERY_FIELDS
    from autotimeline.schema import SETTABLE_KINDS

    if kind == "side":
        # A query, or an id.
        kinds = ("query",) if ":" in typed or "@" in typed else ("query", "id", "era", "actor")
        return [word for each in kinds for word in complete_value(each, typed, files)]
    if kind == "thing":
        return [word for each in SETTABLE_KINDS for word in _complete_id(each, typed, files)]
    if kind == "assignment":
        return _complete_assignment(typed, files)
    field, colon, value = typed.partition(":")
    prefix = ""
    if kind == "query" and field and colon:
        kind, prefix, typed = field.lower(), f"{field}:", value
    elif kind == "query" and typed.startswith("@"):
        kind = "date"
    earlier, comma, last = typed.rpartition(",")
    if kind in ("fields", "by", "sums") or kind in QUERY_FIELDS:
        prefix += earlier + comma
    else:
        last = typed
    name, at_sign, role = last.partition("@")
    kind_after_at = _KIND_AFTER_AT.get(kind) if kind in QUERY_FIELDS else _role_kind(kind, name)
    if at_sign and kind_after_at:
        kind, prefix, last = kind_after_at, f"{prefix}{name}@", role
    selection = _open_selection(files) if kind == "query" or kind in QUERY_FIELDS else None
    if kind == "query":
        words = _term_candidates(selection)
    else:
        known = _vocabulary(kind, selection) if kind in QUERY_FIELDS else fields or _program_words(kind)
        words = [(word, "") for word in known]
    given = earlier.split(",")
    matches = [match for match in filter_by_prefix(last, words) if match[0] not in given]
    if selection and kind in QUERY_FIELDS:
        matches = _add_descriptions(kind, matches, selection)
    return [(prefix + word, help) for word, help in matches]


def _complete_id(kind: str, typed: str, files: Sequence[str]) -> list[Candidate]:
    """Complete an id, and `metric:ID` or `rate:ID`, which are not in events."""
    from autotimeline.query.facets import entity_kind

    if kind == "event" or entity_kind(kind):
        return complete_value("id" if kind == "event" else kind, typed, files)
    selection = _open_selection(files)
    ids = selection.names.of_kind(kind) if selection else ()
    return filter_by_prefix(typed, [(f"{kind}:{id}", "") for id in ids])


def _role_kind(kind: str, field: str) -> str | None:
    """Return "role" if a role may follow a field to count or chart by."""
    from autotimeline.query.facets import ROLE_FIELDS

    return "role" if kind in ("by", "lanes") and field in ROLE_FIELDS else None


def _complete_assignment(typed: str, files: Sequence[str]) -> list[Candidate]:
    """Complete `KEY=VALUE`: the key, or a value that the key has elsewhere in the store."""
    from autotimeline.keys import KEYS
    from autotimeline.schema import SETTABLE_KINDS

    fields = {name: key.field for kind in SETTABLE_KINDS for name, key in KEYS[kind].items() if name != "id"}
    path, equals, value = typed.partition("=")
    if not equals:
        return filter_by_prefix(typed, [(f"{name}=", "") for name in fields])
    field = fields.get(path.rstrip("+-").partition(".")[0], "")
    return [(f"{path}={word}", help) for word, help in complete_value(field, value, files)]


def filter_by_prefix(typed: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that begin with the typed text, without words that contain control characters."""
    return [
        (word, escape_control(help))
        for word, help in candidates
        if word.startswith(typed) and escape_control(word) == word
    ]


def _program_words(kind: str) -> Iterable[str]:
    """Return the words of a kind that do not depend on the store."""
    from autotimeline import checks, exports, formats
    from autotimeline.cli.environment import COLOR_CHOICES
    from autotimeline.quantities.quantity import CURRENCIES, RATE_PERIODS
    from autotimeline.query import facets
    from autotimeline.reports import names, totals_by
    from autotimeline.schema import LINK_TYPES

    packages = {"formats": formats, "exports": exports, "rules": checks}
    if kind in packages:
        return plugins.list_names(packages[kind])
    words: dict[str, Iterable[str]] = {
        "names": names.VOCABULARIES,
        "links": LINK_TYPES,
        "by": facets.COUNT_FIELDS,
        "sums": totals_by.SUM_FIELDS,
        "currencies": sorted(CURRENCIES),
        "lanes": facets.FACETS,
        "colors": COLOR_CHOICES,
        "periods": RATE_PERIODS,
        "shells": options.SHELLS,
    }
    return words.get(kind, ())


def _term_candidates(selection: Selection | None) -> list[Candidate]:
    """Return the beginnings of terms: fields, operators, metrics, and aliases."""
    from autotimeline.query.fields import QUERY_FIELDS
    from autotimeline.query.parser import parse_term

    matches = [*((f"{name}:", field.help) for name, field in QUERY_FIELDS.items()), *_OPERATORS]
    if selection:
        metrics = [f"{metric}:" for metric in _vocabulary("metric", selection)]
        # Other names of metrics need the field metric:.
        metrics = [word for word in metrics if parse_term(word).field + ":" == word]
        matches += [(word, "a figure: 1bn.., ..29k, 10%..20%") for word in metrics]
        matches += [(f":{name}", query) for name, query in selection.catalog.aliases()]
    return matches


def _vocabulary(field: str, selection: Selection | None) -> list[str]:
    """Return the values of a field as terms: with hyphens for white space, and without those that contain a comma."""
    values = selection.catalog.completion_values(field) if selection else ()
    return ["-".join(value.split()) for value in values if "," not in value]


def _add_descriptions(field: str, matches: list[Candidate], selection: Selection) -> list[Candidate]:
    """Add the names of entities and the titles of events, up to _MAX_DESCRIBED words."""
    from autotimeline.query.fields import QUERY_FIELDS

    words = [word for word, _ in matches]
    if len(words) > _MAX_DESCRIBED:
        return matches
    if kind := getattr(QUERY_FIELDS[field], "entity_kind", ""):
        names = selection.names.of_kind(kind)
    elif field in _EVENT_FIELDS and words:
        ids = {word.strip("@/"): word for word in words}
        names = {ids[id]: title for id, title in selection.derive("id:" + ",".join(ids)).rows(("id", "title"))}
    else:
        return matches
    return [(word, escape_control(names.get(word) or "")) for word in words]


def _open_selection(files: Sequence[str]) -> Selection | None:
    """Return all events of the store; None if it is missing, invalid, or cannot be read twice."""
    from autotimeline import api
    from autotimeline.store.locate import find_files

    try:
        paths = find_files(files)
        # Standard input is the terminal, and a pipe is for the command itself.
        return api.open(*paths).select() if all(os.path.isfile(path) for path in paths) else None
    except Exception:
        return None
