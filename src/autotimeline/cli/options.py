"""The options of the command line, as data: the one place where they are declared.

Typer's signatures are made from this table, and so is the documentation. A command lists the options
it takes; one that it alone has it may declare itself.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


MAX_NUMBER = 2**63 - 1
"""The largest number that an option takes: SQLite counts no further."""


class Option:
    """An option: its name among the values, its flags, what it takes and a line of help.

    `takes` is the name of its value in help, empty for a flag that takes none; `many` where it may
    be given several times; `number` where the value is a whole number, from 0 to `MOST`. `complete` is
    what its value is completed from (see `cli.completion.candidates.complete`).
    """

    __slots__ = ("completion", "flags", "help", "is_number", "metavar", "multiple", "name")

    def __init__(
        self,
        name: str,
        flags: str,
        help: str,
        metavar: str = "",
        *,
        multiple: bool = False,
        is_number: bool = False,
        completion: str = "",
    ) -> None:
        self.name = name
        self.flags = tuple(flags.split())
        self.help = help
        self.metavar = metavar
        self.multiple = multiple
        self.is_number = is_number
        self.completion = completion


class Argument:
    """The words of a command: its name among the values, in help, and what they are completed from.

    `at_least` says how many there must be; `most` how many there may be, None for any number. `instead` are an option
    and what the words are completed from where it is given.
    """

    __slots__ = ("alternative", "completion", "help", "max_count", "metavar", "min_count", "name")

    def __init__(
        self,
        name: str,
        metavar: str,
        help: str,
        *,
        min_count: int = 0,
        max_count: int | None = None,
        completion: str = "",
        alternative: tuple[str, str] = ("", ""),
    ) -> None:
        self.name = name
        self.metavar = metavar
        self.help = help
        self.min_count = min_count
        self.max_count = max_count
        self.completion = completion
        self.alternative = alternative


class Command:
    """A command: a line of help, its words, its options, and `run(values)`, which returns the exit code.

    Where its rows are no events, `fields(values)` names their fields, for who is to be helped to write one; where they
    are events with more to tell than all others, `more()` does.
    """

    __slots__ = ("arguments", "extra_fields", "fields", "help", "options", "run")

    def __init__(
        self,
        help: str,
        run: Any,
        options: tuple[Option, ...],
        arguments: tuple[Argument, ...] = (),
        *,
        fields: Any = None,
        extra_fields: Any = tuple,
    ) -> None:
        self.help = help
        self.run = run
        self.options = options
        self.arguments = arguments
        self.fields = fields
        self.extra_fields = extra_fields


SHELLS = ("bash", "zsh", "fish", "powershell")

FILE = Option(
    "file", "-f --file", "A store: a TOML file, a folder of them, - for standard input.", "FILE", multiple=True
)
TODAY = Option("today", "--today", "The day from which relative dates count, as 2025-11-22.", "DATE")
COLOR = Option("color", "--color", "Colours: auto, always or never.", "WHEN", completion="colors")
ASCII = Option("ascii", "--ascii", "Draw with the marks of ASCII alone.")
NO_CACHE = Option("no_cache", "--no-cache", "Read the store anew; keep no index.")
VERSION = Option("version", "--version", "Show the version.")

FORMAT = Option(
    "format", "-O --format", "How to write the answer: table, plain, csv, json, …", "FORMAT", completion="formats"
)
OUTPUT = Option("output", "-o --output", "Write to a file; its ending chooses the format.", "FILE")
RAW = Option("raw", "--raw", "CSV: leave cells alone that a spreadsheet would run.")
BOM = Option("bom", "--bom", "CSV and TSV: begin with a byte-order mark, for Excel.")
AS_OF = Option("as_of", "--as-of", "Answer as it was known on a day.", "DATE")
FIELDS = Option("fields", "--fields", "Which fields, in which order.", "FIELD,…", completion="fields")
EXIT_STATUS = Option("exit_status", "-e --exit-status", "Exit with 1 where nothing matched.")

STORE_OPTIONS = (FILE, TODAY, NO_CACHE, COLOR, ASCII)
OUTPUT_OPTIONS = (FORMAT, OUTPUT, RAW, BOM)

# The same terms as the query language has, spelled as flags; all that is given must hold.
TERM_OPTIONS = (
    Option("since", "--since", "From the start of a date on.", "DATE", multiple=True, completion="since"),
    Option("until", "--until", "Up to the end of a date.", "DATE", multiple=True, completion="until"),
    Option(
        "date",
        "-p --period",
        "Within a period: 2023Q4, last-year, 2023..2024.",
        "PERIOD",
        multiple=True,
        completion="date",
    ),
    Option("actor", "--actor", "Who took part, by id, name or alias.", "ACTOR", multiple=True, completion="actor"),
    Option("kind", "--kind", "What kind of event.", "KIND", multiple=True, completion="kind"),
    Option("tag", "--tag", "A tag.", "TAG", multiple=True, completion="tag"),
    Option("status", "--status", "happened, planned or cancelled.", "STATUS", multiple=True, completion="status"),
    Option("source", "--source", "Cited from that source.", "SOURCE", multiple=True, completion="source"),
)
# What is told from row to row.
ELAPSED_OPTIONS = (
    Option("gap", "--gap", "Tell how long after the event of the row above."),
    Option("since_event", "--since-event", "Tell how long before or after that event.", "ID", completion="id"),
)
SELECTION_OPTIONS = (
    *TERM_OPTIONS,
    Option("certain", "--certain", "Only what surely matches."),
    AS_OF,
    Option("sort", "--sort", "Order by a field instead of the date.", "FIELD", completion="fields"),
    Option("reverse", "-r --reverse", "Turn the order round."),
    Option("limit", "-n --limit", "At most that many.", "N", is_number=True),
    FIELDS,
    Option("explain", "--explain", "Print the query as it was understood, and do no more."),
    EXIT_STATUS,
)

QUERY_OPTIONS = (*STORE_OPTIONS, *OUTPUT_OPTIONS, *SELECTION_OPTIONS)
QUERY_ARGUMENT = Argument("query", "[QUERY]...", "Terms such as actor:leapmotor since:2023.", completion="query")
