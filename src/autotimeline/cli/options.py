"""The options of the command line, as data, and the request that gives them values.

The fast parser in `main`, Typer, and the tests of the documentation read this table. A command lists the options that
it accepts, and declares those that only it has.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Value = bool | int | str | tuple[str, ...] | None

MAX_NUMBER = 2**63 - 1
"""The largest number that an option accepts: the largest integer of SQLite."""


class Option:
    """An option: its flags, a line of help, and the name of its value in help (empty for a flag).

    `name` identifies it in a request: its last flag, unless the option has another one. `completion` says what
    completes its value (see `cli.word_completion.complete_value`). A number is whole, from 0 to MAX_NUMBER.
    """

    def __init__(
        self,
        flags: str,
        help: str,
        metavar: str = "",
        completion: str = "",
        *,
        name: str = "",
        multiple: bool = False,
        is_number: bool = False,
    ) -> None:
        self.flags = tuple(flags.split())
        self.name = name or self.flags[-1].lstrip("-").replace("-", "_")
        self.help = help
        self.metavar = metavar
        self.completion = completion
        self.multiple = multiple
        self.is_number = is_number

    @property
    def is_list(self) -> bool:
        """Whether the value is a list with commas, which the values of a repeated option continue."""
        return "," in self.metavar


class Argument:
    """The words of a command from `min_count` to `max_count` (None for any number).

    `alternative` is an option and what completes the words if it is given.
    """

    def __init__(
        self,
        name: str,
        metavar: str,
        help: str,
        completion: str = "",
        *,
        min_count: int = 0,
        max_count: int | None = None,
        alternative: tuple[str, str] = ("", ""),
    ) -> None:
        self.name = name
        self.metavar = metavar
        self.help = help
        self.completion = completion
        self.min_count = min_count
        self.max_count = max_count
        self.alternative = alternative


def _is_given(value: Value) -> bool:
    # 0 is a value.
    return value is not None and value is not False and value != ()


class Request:
    """The options and arguments of a command line, immutable; whatever was not given has its default.

    Values from `before` the command complete those after it: lists add up, and other values of the command win.
    """

    def __init__(self, values: dict[str, Value], before: dict[str, Value] | None = None) -> None:
        self._values = values
        for name, value in (before or {}).items():
            later = values.get(name)
            if isinstance(value, tuple) and isinstance(later, tuple):
                values[name] = value + later
            elif _is_given(value) and not _is_given(later):
                values[name] = value

    def has(self, option: Option) -> bool:
        """Return whether the command has the option."""
        return option.name in self._values

    def is_given(self, option: Option) -> bool:
        """Return whether an option was given, of whatever kind."""
        return _is_given(self._values.get(option.name))

    def flag(self, option: Option) -> bool:
        """Return whether a flag was given."""
        return self._values.get(option.name) is True

    def text(self, option: Option | Argument) -> str | None:
        """Return the text of an option or argument."""
        value = self._values.get(option.name)
        return value if isinstance(value, str) else None

    def required(self, argument: Argument) -> str:
        """Return the text of an argument that the command requires."""
        return self.text(argument) or ""

    def texts(self, option: Option | Argument) -> tuple[str, ...]:
        """Return the texts of an option or argument that can be repeated."""
        value = self._values.get(option.name)
        return value if isinstance(value, tuple) else ()

    def number(self, option: Option) -> int | None:
        """Return the number of an option."""
        value = self._values.get(option.name)
        return value if isinstance(value, int) else None

    def all_texts(self) -> Iterator[str]:
        """Yield every text of the command line."""
        for value in self._values.values():
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from value

    def replace(self, option: Option, value: Value) -> Request:
        """Return a copy with another value for an option."""
        return Request({**self._values, option.name: value})

    def without(self, *options: Option) -> Request:
        """Return a copy without the values of some options."""
        return Request({**self._values, **dict.fromkeys(option.name for option in options)})


SHELLS = ("bash", "zsh", "fish", "powershell")

FILE = Option(
    "-f --file", "The store: a TOML file, a directory of them, or - for standard input.", "FILE", multiple=True
)
TODAY = Option("--today", "Count relative dates from this day, such as 2025-11-22.", "DATE")
NO_CACHE = Option("--no-cache", "Read the store again, and keep no index.")
COLOR = Option("--color", "Use color: auto (default), always, or never.", "WHEN", "colors")
ASCII = Option("--ascii", "Draw in ASCII only.")
WIDTH = Option("--width", "Draw at most this many columns wide (default: the terminal).", "N", is_number=True)
VERSION = Option("--version", "Show the version.")

FORMAT = Option("-O --format", "Choose the format: table, plain, csv, json, …", "FORMAT", "formats")
OUTPUT = Option("-o --output", "Write to a file; its extension chooses the format.", "FILE")
RAW = Option("--raw", "CSV: do not guard cells that a spreadsheet would run.")
EMPTY = Option("--empty", "plain and TSV: write this text into empty cells.", "TEXT")
BOM = Option("--bom", "CSV and TSV: begin with a byte-order mark, for Excel.")
FIELDS = Option("--fields", "Choose the fields and their order; help lists them.", "FIELD,…", "fields")

STORE_OPTIONS = (FILE, TODAY, NO_CACHE, COLOR, ASCII, WIDTH)
OUTPUT_OPTIONS = (FORMAT, OUTPUT, RAW, BOM, EMPTY)

# The terms of the query language as options; events must match all of them.
TERM_OPTIONS = (
    Option("--since", "From the start of this date.", "DATE", "since", multiple=True),
    Option("--until", "Up to the end of this date.", "DATE", "until", multiple=True),
    Option(
        "-p --period",
        "Within this period: 2023Q4, last-year, 2023..2024.",
        "PERIOD",
        "date",
        name="date",
        multiple=True,
    ),
    Option("--actor", "With this actor: an id, a name, or an alias.", "ACTOR", "actor", multiple=True),
    Option("--kind", "Of this kind.", "KIND", "kind", multiple=True),
    Option("--tag", "With this tag.", "TAG", "tag", multiple=True),
    Option("--status", "With this status: happened, planned, or cancelled.", "STATUS", "status", multiple=True),
    Option("--source", "Cited from this source.", "SOURCE", "source", multiple=True),
)
GAP = Option("--gap", "Show the time since the event in the row above.")
SINCE_EVENT = Option("--since-event", "Show the time before or after this event.", "ID", "id")
ELAPSED_OPTIONS = (GAP, SINCE_EVENT)
CONTEXT = Option(
    "-C --context", "Show N events before and after each match too.", "N", name="context_rows", is_number=True
)
CERTAIN = Option("--certain", "Only events that certainly match.")
AS_OF = Option("--as-of", "Answer with what was known on this day.", "DATE")
SORT = Option("--sort", "Sort by a field instead of the date.", "FIELD", "fields")
REVERSE = Option("-r --reverse", "Reverse the order.")
LIMIT = Option("-n --limit", "Show at most this many.", "N", is_number=True)
EXPLAIN = Option("--explain", "Print how the query was understood, and stop.")
EXIT_STATUS = Option("-e --exit-status", "Exit with 1 if nothing matches.")
ROW_OPTIONS = (SORT, REVERSE, LIMIT)
SELECTION_OPTIONS = (*TERM_OPTIONS, CERTAIN, AS_OF, *ROW_OPTIONS, FIELDS, EXPLAIN, EXIT_STATUS)

QUERY_OPTIONS = (*STORE_OPTIONS, *OUTPUT_OPTIONS, *SELECTION_OPTIONS)
QUERY_ARGUMENT = Argument("query", "[QUERY]...", "Terms, such as actor:leapmotor since:2023.", "query")
