"""Complete a command line: commands, options, ids, names, and the terms of a query."""

from __future__ import annotations

import os

from autotimeline import plugins
from autotimeline.cli import commands, options
from autotimeline.text import escape_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autotimeline.cli.options import Value
    from autotimeline.query.selection import Selection

    # A word of the command line, and a line of help for it.
    Candidate = tuple[str, str]

_HELP = options.Option("-h --help", "Show the help.")
_UNKNOWN_COMMAND = commands.Command("", lambda request, environment: 2, ())
_OPERATORS = (("not", "what the next term does not match"), ("or", "what either side matches"))
_KIND_AFTER_AT = {"actor": "role", "group": "role", "link": "id"}
_PATH_METAVARS = ("FILE", "PATH", "OLD", "NEW")
_MAX_DESCRIBED = 200  # nobody reads more descriptions
_EVENT_FIELDS = ("id", "date", "since", "until", "near")


def candidates(words: Sequence[str]) -> list[Candidate] | None:
    """Return the completions of the last word of a command line, in order; None for a path."""
    command_line = _CommandLine()
    for word in words[:-1]:
        command_line.read_word(word)
    return command_line.complete_word(words[-1]) if words else []


class _CommandLine:
    """The complete words of a command line, and what has to follow."""

    def __init__(self) -> None:
        self.command: commands.Command | None = None
        self.known_options = (*options.STORE_OPTIONS, options.VERSION, _HELP)
        self.files: list[str] = []
        self.given: dict[str, Value] = {}
        self.argument_count = 0
        self.pending_option: options.Option | None = None
        self.options_ended = False

    def read_word(self, word: str) -> None:
        """Read a complete word."""
        if self.pending_option:
            self._set_value(self.pending_option, word)
        elif not self.options_ended and word == "--":
            self.options_ended = True
        elif not self.options_ended and word.startswith("-") and word != "-":
            self._read_flags(word)
        elif self.command:
            if argument := self._next_argument():
                self.given.setdefault(argument.name, word)
            self.argument_count += 1
        else:
            known = word in plugins.list_names(commands)
            self.command = plugins.load(commands, word).COMMAND if known else _UNKNOWN_COMMAND
            self.known_options = (*self.command.options, _HELP)
            self.given.clear()

    def _read_flags(self, word: str) -> str | None:
        """Read `--flag`, `--flag=value`, `-f`, `-fvalue`, or `-rf`; return the value, None if it has not begun."""
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
            # The shell has not expanded the words before the cursor.
            self.files.append(os.path.expanduser(os.path.expandvars(value)))

    def complete_word(self, typed: str) -> list[Candidate] | None:
        """Return the completions of an incomplete word; None for a path."""
        if self.pending_option:
            return self._complete_value(self.pending_option, typed)
        if typed.startswith("-") and not self.options_ended:
            return self._complete_option(typed)
        if not self.command:
            names = plugins.list_names(commands)
            return _filter_by_prefix(typed, [(name, plugins.load(commands, name).COMMAND.help) for name in names])
        argument = self._next_argument()
        if not argument:
            return []
        option, kind = argument.alternative
        if option in self.given:
            return complete_value(kind, typed, self.files)
        return self._complete_value(argument, typed)

    def _next_argument(self) -> options.Argument | None:
        """Return the argument that the next word without a flag belongs to; None if there is none."""
        position = self.argument_count
        for argument in self.command.arguments if self.command else ():
            if argument.max_count is None or position < argument.max_count:
                return argument
            position -= argument.max_count
        return None

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
        if target.completion != "fields":
            # An actor may follow its role.
            role, equals, name = typed.partition("=") if target.metavar.startswith("[ROLE=]") else ("", "", typed)
            matches = complete_value(target.completion, name if equals else typed, self.files)
            return [(f"{role}{equals}{word}", help) for word, help in matches] if equals else matches
        kind = "fields" if "," in target.metavar else "sortable"
        return complete_value(kind, typed, self.files, self._known_fields(kind))

    def _known_fields(self, kind: str) -> Sequence[str]:
        """Return the fields of the command's rows, for `fields` or `sortable`."""
        from autotimeline import views
        from autotimeline.errors import UsageError
        from autotimeline.query.columns import COLUMNS, ELAPSED_COLUMNS, SLIP_FIELDS, list_sortable_fields

        command = self.command or _UNKNOWN_COMMAND
        if command.fields:
            try:
                return command.fields(options.Request(self.given))
            except UsageError:
                return ()
        view = plugins.load(views, command.view)
        if own_fields := getattr(view, "FIELDS", None):
            return list(own_fields)
        if kind == "sortable":
            known = [option for option in options.ELAPSED_OPTIONS if option in command.options]
            usable = [option.name for option in known if not option.metavar or option.name in self.given]
            return [*list_sortable_fields(), *(name for option in usable for name in ELAPSED_COLUMNS[option])]
        elapsed = [name for option, names in ELAPSED_COLUMNS.items() if option in self.given for name in names]
        context = ["context"] if options.CONTEXT.name in self.given else []
        return [*COLUMNS, *getattr(view, "EXTRA_FIELDS", ()), *elapsed, *context, *SLIP_FIELDS]


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
    matches = [match for match in _filter_by_prefix(last, words) if match[0] not in given]
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
    return _filter_by_prefix(typed, [(f"{kind}:{id}", "") for id in ids])


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
        return _filter_by_prefix(typed, [(f"{name}=", "") for name in fields])
    field = fields.get(path.rstrip("+-").partition(".")[0], "")
    return [(f"{path}={word}", help) for word, help in complete_value(field, value, files)]


def _filter_by_prefix(typed: str, candidates: Iterable[Candidate]) -> list[Candidate]:
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
