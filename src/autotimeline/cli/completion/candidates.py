"""Complete a command line: commands, options, ids, names and the words of a query."""

from __future__ import annotations

import os

from autotimeline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autotimeline.query.selection import Selection

    # A word that can stand on the command line, and a line of help to it.
    Candidate = tuple[str, str]

_GLOBAL_OPTIONS = (*options.STORE_OPTIONS, options.VERSION, options.Option("help", "-h --help", "Show the help."))
_OPERATORS = (("not", "what the next term does not match"), ("or", "what either side matches"))
# What stands behind the @ of a value.
_KIND_AFTER_AT = {"actor": "role", "link": "id"}
# What takes one of these takes a path.
_PATH_METAVARS = ("FILE", "PATH", "OLD", "NEW")
_MAX_DESCRIBED = 200  # more than that nobody reads
_EVENT_FIELDS = ("id", "date", "since", "until", "near")


def candidates(words: Sequence[str]) -> list[Candidate] | None:
    """Return what completes the last of a command line's words, in order; None where it is a path."""
    command_line = _CommandLine()
    for word in words[:-1]:
        command_line.read_word(word)
    return command_line.complete_word(words[-1]) if words else []


class _CommandLine:
    """A command line as far as it is written: what it names, and what has to come next."""

    def __init__(self) -> None:
        self.command: options.Command | None = None
        self.known_options: tuple[options.Option, ...] = _GLOBAL_OPTIONS
        self.files: list[str] = []
        self.given: dict[str, str | bool] = {}
        self.argument_count = 0
        self.pending_option: options.Option | None = None
        self.options_ended = False

    def read_word(self, word: str) -> None:
        """Read a word that is complete."""
        if self.pending_option:
            self._set_value(self.pending_option, word)
        elif self.options_ended or not word.startswith("-") or word == "-":
            if self.command:
                self.argument_count += 1
            else:
                self._set_command(word)
        elif word == "--":
            self.options_ended = True
        else:
            self._read_flags(word)

    def _set_command(self, name: str) -> None:
        from autotimeline import plugins
        from autotimeline.cli import commands

        self.command = options.Command("", None, ())
        if name in plugins.list_names(commands):
            self.command = plugins.load(commands, name).COMMAND
        self.known_options = (*self.command.options, _GLOBAL_OPTIONS[-1])
        self.given.clear()

    def _read_flags(self, word: str) -> str | None:
        """Read `--flag`, `--flag=value`, `-f`, `-fvalue`, `-rf`; return what is written of a value, if any is."""
        self.pending_option = None
        flag, equals, value = word.partition("=")
        if not word.startswith("--"):
            flag, value = word[:2], word[2:]
        option = next((option for option in self.known_options if flag in option.flags), None)
        if option is None:
            return None
        self.given[option.name] = True
        if not option.metavar:
            return self._read_flags(f"-{value}") if value and not equals else None
        if value or equals:
            self._set_value(option, value)
            return value
        self.pending_option = option
        return None

    def _set_value(self, option: options.Option, value: str) -> None:
        self.pending_option = None
        self.given[option.name] = value
        if option.name == options.FILE.name:
            # The shell would have done so.
            self.files.append(os.path.expanduser(os.path.expandvars(value)))

    def complete_word(self, typed: str) -> list[Candidate] | None:
        """Return what the word that is being written can become; None where it is a path."""
        if self.pending_option:
            return self._complete_value(self.pending_option, typed)
        if typed.startswith("-") and not self.options_ended:
            return self._complete_option(typed)
        if not self.command:
            return _filter_by_prefix(typed, command_candidates())
        arguments = self.command.arguments
        if not arguments:
            return []
        position = self.argument_count
        for argument in arguments:
            if argument.max_count is None or position < argument.max_count:
                option, kind = argument.alternative
                return (
                    complete_value(kind, typed, self.files)
                    if option in self.given
                    else self._complete_value(argument, typed)
                )
            position -= argument.max_count
        return []

    def _complete_option(self, typed: str) -> list[Candidate] | None:
        files, given = list(self.files), dict(self.given)
        value = self._read_flags(typed)
        if value is None:
            available = [option for option in self.known_options if option.multiple or option.name not in given]
            return _filter_by_prefix(typed, [(flag, option.help) for option in available for flag in option.flags])
        self.files = files
        prefix = typed[: len(typed) - len(value)]
        flag = prefix.removesuffix("=") if prefix.startswith("--") else "-" + prefix[-1]
        option = next(option for option in self.known_options if flag in option.flags)
        matches = self._complete_value(option, value)
        return matches and [(prefix + word, help) for word, help in matches]

    def _complete_value(self, target: options.Option | options.Argument, typed: str) -> list[Candidate] | None:
        if not target.completion and any(path in target.metavar for path in _PATH_METAVARS):
            return None
        kind = "sortable" if target.completion == "fields" and "," not in target.metavar else target.completion
        return complete_value(
            kind, typed, self.files, self._known_fields(kind) if target.completion == "fields" else ()
        )

    def _known_fields(self, kind: str) -> Sequence[str]:
        """Return the fields of the command's rows, for `fields` or `sortable`."""
        from autotimeline.errors import UsageError
        from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS

        if self.command and self.command.fields:
            try:
                fields: Sequence[str] = self.command.fields(self.given)
            except UsageError:
                fields = ()
            return fields
        if kind == "sortable":
            return [name for name, source in COLUMNS.items() if not source.is_list and name != "match"]
        extra = self.command.extra_fields() if self.command else ()
        return [
            *COLUMNS,
            *extra,
            *(name for option, names in ELAPSED_COLUMNS.items() if option in self.given for name in names),
        ]


def complete_value(kind: str, typed: str, files: Sequence[str], fields: Sequence[str] = ()) -> list[Candidate]:
    """Return what a word that is begun can become, in order.

    Args:
        kind: What the word is: a field of the query language, or `query`, `fields`, `sortable`, `side`, `thing`,
            `assignment`, `by`, `names`, `lanes`, `formats`, `exports`, `rules`, `colors`, `periods`, `shells`. Of any
            other nothing is known.
        typed: The word as far as it is written.
        files: The store, as `-f` names it; empty for the one in reach. Where it is not there, or
            invalid, only what does not come from it is returned.
        fields: What `fields` and `sortable` are.
    """
    if kind == "side":
        # A query, or a word that is an id.
        kinds = ("query",) if ":" in typed or "@" in typed else ("query", "id", "era", "actor")
        return [word for each in kinds for word in complete_value(each, typed, files)]
    if kind == "thing":
        return [word for each in ("id", "actor", "source", "era") for word in complete_value(each, typed, files)]
    if kind == "assignment":
        return _complete_assignment(typed, files)
    field, colon, value = typed.partition(":")
    prefix = ""
    if kind == "query" and field and colon:
        kind, prefix, typed = field.lower(), f"{field}:", value
    elif kind == "query" and typed.startswith("@"):
        kind = "date"
    earlier, comma, last = typed.rpartition(",")
    if kind in ("fields", "by") or _is_field(kind):
        prefix += earlier + comma
        name, at_sign, _ = last.partition("@")
        if at_sign and kind in _KIND_AFTER_AT:
            kind, prefix, last = _KIND_AFTER_AT[kind], f"{prefix}{name}@", last[len(name) + 1 :]
    else:
        last = typed
    selection = _open_selection(files) if kind == "query" or _is_field(kind) else None
    given = earlier.split(",")
    matches = [
        word for word in _filter_by_prefix(last, _all_candidates(kind, selection, fields)) if word[0] not in given
    ]
    if selection and _is_field(kind):
        matches = _add_descriptions(kind, matches, selection)
    return [(prefix + word, help) for word, help in matches]


def _complete_assignment(typed: str, files: Sequence[str]) -> list[Candidate]:
    """Return what a word that changes a field can become: a field, or behind `=` what it holds elsewhere."""
    from autotimeline.editing.assignments import QUERY_FIELDS_BY_KEY, SETTABLE_KEYS

    path, equals, value = typed.partition("=")
    if not equals:
        return _filter_by_prefix(
            typed, [(f"{key}=", "") for key in dict.fromkeys(key for keys in SETTABLE_KEYS.values() for key in keys)]
        )
    field = path.rstrip("+-").partition(".")[0]
    return [(f"{path}={word}", help) for word, help in complete_value(QUERY_FIELDS_BY_KEY.get(field, ""), value, files)]


def _filter_by_prefix(typed: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return what starts so, without what would steer a terminal; no help is better than a hostile one."""
    from autotimeline.text import escape_control

    return [
        (word, escape_control(help))
        for word, help in candidates
        if word.startswith(typed) and escape_control(word) == word
    ]


def command_candidates() -> list[Candidate]:
    """Return the commands with their help."""
    from autotimeline import plugins
    from autotimeline.cli import commands

    return [(name, plugins.load(commands, name).COMMAND.help) for name in plugins.list_names(commands)]


def _is_field(kind: str) -> bool:
    from autotimeline.query.fields import QUERY_FIELDS

    return kind in QUERY_FIELDS


def _all_candidates(kind: str, selection: Selection | None, fields: Sequence[str]) -> list[Candidate]:
    """Return all words of a kind."""
    if kind == "query":
        return _term_candidates(selection)
    words = (
        _vocabulary(kind, selection) if _is_field(kind) else fields or _query_field_names(kind) or _program_words(kind)
    )
    return [(word, "") for word in words]


def _query_field_names(kind: str) -> Iterable[str]:
    from autotimeline.query import facets, vocabulary
    from autotimeline.reports import lanes

    if kind == "names":
        return vocabulary.VOCABULARIES
    if kind == "by":
        return facets.COUNT_FIELDS
    if kind == "lanes":
        return lanes.LANE_FIELDS
    return ()


def _program_words(kind: str) -> Iterable[str]:
    from autotimeline import checks, exports, formats, plugins
    from autotimeline.cli import environment

    packages = {"formats": formats, "exports": exports, "rules": checks}
    if kind in packages:
        return plugins.list_names(packages[kind])
    if kind == "colors":
        return environment.COLOR_CHOICES
    if kind == "periods":
        from autotimeline.quantities.quantity import RATE_PERIODS

        return RATE_PERIODS
    return options.SHELLS if kind == "shells" else ()


def _term_candidates(selection: Selection | None) -> list[Candidate]:
    """Return what a term of a query can begin with: fields and metrics, an operator, aliases."""
    from autotimeline.query.fields import QUERY_FIELDS
    from autotimeline.query.parser import parse_term

    matches = [*((f"{name}:", field.help) for name, field in QUERY_FIELDS.items()), *_OPERATORS]
    if selection:
        metrics = [f"{metric}:" for metric in _vocabulary("metric", selection)]
        # A metric whose name is none for a term is asked for with metric:.
        matches += [
            (word, "a figure: 1bn.., ..29k, 10%..20%") for word in metrics if parse_term(word).field + ":" == word
        ]
        matches += [(f":{name}", query or "") for name, query, _ in selection.vocabulary("aliases")]
    return matches


def _vocabulary(field: str, selection: Selection | None) -> list[str]:
    """Return the words of a field's vocabulary, as a term takes them."""
    # White space is written as a hyphen; a comma would part a value.
    return [
        "-".join(word.split()) for word in (selection.completion_values(field) if selection else ()) if "," not in word
    ]


def _add_descriptions(field: str, matches: list[Candidate], selection: Selection) -> list[Candidate]:
    """Add the names of actors and the titles of sources and events; of too many to be read, of none."""
    from autotimeline.text import escape_control

    words = [word for word, _ in matches]
    if len(words) > _MAX_DESCRIBED:
        return matches
    if field in ("actor", "group"):
        names = {word: selection.names.actor(word) for word in words}
    elif field == "source":
        names = {word: selection.names.source(word)[0] for word in words}
    elif field in _EVENT_FIELDS and words:
        ids = {word.strip("@/"): word for word in words}
        names = {ids[id]: title for id, title in selection.derive("id:" + ",".join(ids)).rows(("id", "title"))}
    else:
        return matches
    return [(word, escape_control(names.get(word) or "")) for word in words]


def _open_selection(files: Sequence[str]) -> Selection | None:
    """Return all events of the store; None where it is absent, invalid, or cannot be read twice."""
    from autotimeline import api
    from autotimeline.store.locate import find_files

    try:
        paths = find_files(files)
        # Standard input is the terminal, and a pipe is for the command itself.
        return api.open(*paths).select() if all(os.path.isfile(path) for path in paths) else None
    except Exception:
        return None
