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

_TOP = (*options.STORE, options.VERSION, options.Option("help", "-h --help", "Show the help."))
_OPERATORS = (("not", "what the next term does not match"), ("or", "what either side matches"))
# What stands behind the @ of a value.
_BEHIND_AT = {"actor": "role", "link": "id"}
# What takes one of these takes a path.
_PATHS = ("FILE", "PATH", "OLD", "NEW")
_READ = 200  # more than that nobody reads
_OF_EVENTS = ("id", "date", "since", "until", "near")


def candidates(words: Sequence[str]) -> list[Candidate] | None:
    """Return what completes the last of a command line's words, in order; None where it is a path."""
    line = _Line()
    for word in words[:-1]:
        line.take(word)
    return line.candidates(words[-1]) if words else []


class _Line:
    """A command line as far as it is written: what it names, and what has to come next."""

    def __init__(self) -> None:
        self.command: options.Command | None = None
        self.table: tuple[options.Option, ...] = _TOP
        self.files: list[str] = []
        self.given: dict[str, str | bool] = {}
        self.words = 0
        self.pending: options.Option | None = None
        self.ended = False

    def take(self, word: str) -> None:
        """Read a word that is complete."""
        if self.pending:
            self._value(self.pending, word)
        elif self.ended or not word.startswith("-") or word == "-":
            if self.command:
                self.words += 1
            else:
                self._named(word)
        elif word == "--":
            self.ended = True
        else:
            self._flags(word)

    def _named(self, name: str) -> None:
        from autotimeline import plugins
        from autotimeline.cli import commands

        self.command = options.Command("", None, ())
        if name in plugins.names(commands):
            self.command = plugins.load(commands, name).COMMAND
        self.table = (*self.command.options, _TOP[-1])
        self.given.clear()

    def _flags(self, word: str) -> str | None:
        """Read `--flag`, `--flag=value`, `-f`, `-fvalue`, `-rf`; return what is written of a value, if any is."""
        self.pending = None
        flag, equals, value = word.partition("=")
        if not word.startswith("--"):
            flag, value = word[:2], word[2:]
        option = next((option for option in self.table if flag in option.flags), None)
        if option is None:
            return None
        self.given[option.name] = True
        if not option.takes:
            return self._flags(f"-{value}") if value and not equals else None
        if value or equals:
            self._value(option, value)
            return value
        self.pending = option
        return None

    def _value(self, option: options.Option, value: str) -> None:
        self.pending = None
        self.given[option.name] = value
        if option.name == options.FILE.name:
            # The shell would have done so.
            self.files.append(os.path.expanduser(os.path.expandvars(value)))

    def candidates(self, typed: str) -> list[Candidate] | None:
        """Return what the word that is being written can become; None where it is a path."""
        if self.pending:
            return self._completed(self.pending, typed)
        if typed.startswith("-") and not self.ended:
            return self._options(typed)
        if not self.command:
            return _starting(typed, _commands())
        words = self.command.words
        if not words:
            return []
        left = self.words
        for word in words:
            if word.most is None or left < word.most:
                option, kind = word.instead
                return complete(kind, typed, self.files) if option in self.given else self._completed(word, typed)
            left -= word.most
        return []

    def _options(self, typed: str) -> list[Candidate] | None:
        files, given = list(self.files), dict(self.given)
        value = self._flags(typed)
        if value is None:
            shown = [option for option in self.table if option.many or option.name not in given]
            return _starting(typed, [(flag, option.help) for option in shown for flag in option.flags])
        self.files = files
        before = typed[: len(typed) - len(value)]
        flag = before.removesuffix("=") if before.startswith("--") else "-" + before[-1]
        option = next(option for option in self.table if flag in option.flags)
        found = self._completed(option, value)
        return found and [(before + word, help) for word, help in found]

    def _completed(self, what: options.Option | options.Words, typed: str) -> list[Candidate] | None:
        if not what.complete and any(path in what.takes for path in _PATHS):
            return None
        kind = "sortable" if what.complete == "fields" and "," not in what.takes else what.complete
        return complete(kind, typed, self.files, self._fields(kind) if what.complete == "fields" else ())

    def _fields(self, kind: str) -> Sequence[str]:
        """Return the fields of the command's rows, for `fields` or `sortable`."""
        from autotimeline.errors import UsageError
        from autotimeline.query.columns import COLUMNS, ELAPSED

        if self.command and self.command.fields:
            try:
                found: Sequence[str] = self.command.fields(self.given)
            except UsageError:
                found = ()
            return found
        if kind == "sortable":
            return [name for name, source in COLUMNS.items() if not source.several and name != "match"]
        more = self.command.more() if self.command else ()
        return [*COLUMNS, *more, *(name for option, names in ELAPSED.items() if option in self.given for name in names)]


def complete(kind: str, typed: str, files: Sequence[str], fields: Sequence[str] = ()) -> list[Candidate]:
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
        several = ("query",) if ":" in typed or "@" in typed else ("query", "id", "era", "actor")
        return [word for one in several for word in complete(one, typed, files)]
    if kind == "thing":
        return [word for one in ("id", "actor", "source", "era") for word in complete(one, typed, files)]
    if kind == "assignment":
        return _assignments(typed, files)
    field, colon, rest = typed.partition(":")
    before = ""
    if kind == "query" and field and colon:
        kind, before, typed = field.lower(), f"{field}:", rest
    elif kind == "query" and typed.startswith("@"):
        kind = "date"
    listed, comma, last = typed.rpartition(",")
    if kind in ("fields", "by") or _is_field(kind):
        before += listed + comma
        name, at, _ = last.partition("@")
        if at and kind in _BEHIND_AT:
            kind, before, last = _BEHIND_AT[kind], f"{before}{name}@", last[len(name) + 1 :]
    else:
        last = typed
    selection = _store(files) if kind == "query" or _is_field(kind) else None
    taken = listed.split(",")
    found = [word for word in _starting(last, _words(kind, selection, fields)) if word[0] not in taken]
    if selection and _is_field(kind):
        found = _explained(kind, found, selection)
    return [(before + word, help) for word, help in found]


def _assignments(typed: str, files: Sequence[str]) -> list[Candidate]:
    """Return what a word that changes a field can become: a field, or behind `=` what it holds elsewhere."""
    from autotimeline.editing.assignments import KEYS, VALUES

    path, equals, value = typed.partition("=")
    if not equals:
        return _starting(
            typed, [(f"{key}=", "") for key in dict.fromkeys(key for keys in KEYS.values() for key in keys)]
        )
    field = path.rstrip("+-").partition(".")[0]
    return [(f"{path}={word}", help) for word, help in complete(VALUES.get(field, ""), value, files)]


def _starting(typed: str, found: Iterable[Candidate]) -> list[Candidate]:
    """Return what starts so, without what would steer a terminal; no help is better than a hostile one."""
    from autotimeline.text import safe

    return [(word, safe(help)) for word, help in found if word.startswith(typed) and safe(word) == word]


def _commands() -> list[Candidate]:
    from autotimeline import plugins
    from autotimeline.cli import commands

    return [(name, plugins.load(commands, name).COMMAND.help) for name in plugins.names(commands)]


def _is_field(kind: str) -> bool:
    from autotimeline.query.fields import FIELDS

    return kind in FIELDS


def _words(kind: str, selection: Selection | None, fields: Sequence[str]) -> list[Candidate]:
    """Return all words of a kind."""
    if kind == "query":
        return _terms(selection)
    words = _values(kind, selection) if _is_field(kind) else fields or _of_queries(kind) or _of_program(kind)
    return [(word, "") for word in words]


def _of_queries(kind: str) -> Iterable[str]:
    from autotimeline.query import facets, vocabulary
    from autotimeline.reports import lanes

    if kind == "names":
        return vocabulary.FIELDS
    if kind == "by":
        return facets.FIELDS
    if kind == "lanes":
        return lanes.FIELDS
    return ()


def _of_program(kind: str) -> Iterable[str]:
    from autotimeline import checks, exports, formats, plugins
    from autotimeline.cli import environment

    folders = {"formats": formats, "exports": exports, "rules": checks}
    if kind in folders:
        return plugins.names(folders[kind])
    if kind == "colors":
        return environment.COLORS
    if kind == "periods":
        from autotimeline.quantities.quantity import PERIODS

        return PERIODS
    return options.SHELLS if kind == "shells" else ()


def _terms(selection: Selection | None) -> list[Candidate]:
    """Return what a term of a query can begin with: fields and metrics, an operator, aliases."""
    from autotimeline.query.fields import FIELDS
    from autotimeline.query.parser import term

    found = [*((f"{name}:", field.help) for name, field in FIELDS.items()), *_OPERATORS]
    if selection:
        metrics = [f"{metric}:" for metric in _values("metric", selection)]
        # A metric whose name is none for a term is asked for with metric:.
        found += [(word, "a figure: 1bn.., ..29k, 10%..20%") for word in metrics if term(word).field + ":" == word]
        found += [(f":{name}", query or "") for name, query, _ in selection.vocabulary("aliases")]
    return found


def _values(field: str, selection: Selection | None) -> list[str]:
    """Return the words of a field's vocabulary, as a term takes them."""
    # White space is written as a hyphen; a comma would part a value.
    return ["-".join(word.split()) for word in (selection.words(field) if selection else ()) if "," not in word]


def _explained(field: str, found: list[Candidate], selection: Selection) -> list[Candidate]:
    """Add the names of actors and the titles of sources and events; of too many to be read, of none."""
    from autotimeline.text import safe

    words = [word for word, _ in found]
    if len(words) > _READ:
        return found
    if field in ("actor", "group"):
        names = {word: selection.names.actor(word) for word in words}
    elif field == "source":
        names = {word: selection.names.source(word)[0] for word in words}
    elif field in _OF_EVENTS and words:
        ids = {word.strip("@/"): word for word in words}
        names = {ids[id]: title for id, title in selection.ask("id:" + ",".join(ids)).rows(("id", "title"))}
    else:
        return found
    return [(word, safe(names.get(word) or "")) for word in words]


def _store(files: Sequence[str]) -> Selection | None:
    """Return all events of the store; None where it is absent, invalid, or cannot be read twice."""
    from autotimeline import api
    from autotimeline.store.locate import locate

    try:
        paths = locate(files)
        # Standard input is the terminal, and a pipe is for the command itself.
        return api.open(*paths).select() if all(os.path.isfile(path) for path in paths) else None
    except Exception:
        return None
