"""The full-screen explorer: what is on the screen, and what each key does."""

from __future__ import annotations

import os
from functools import partial

from autotimeline.cli.explore.line_input import LineInput
from autotimeline.cli.explore.session import ROW_FIELDS, Session
from autotimeline.cli.explore.terminal import Terminal
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.render.canvas import STATUS_MARKS, Canvas, flag_texts
from autotimeline.render.text_layout import style_piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.options import Request
    from autotimeline.table import Table

_POLL_SECONDS = 0.5  # between two looks at the files of the store
_MAX_DATE = 24  # columns
_FAR = 1 << 40  # rows
_LANES = ("kind", "actor", "status", "era", "tag", "place")
_REVERSE_CODES = ("\x1b[7m", "\x1b[0m")
_INPUT_HINT = "Enter: accept · Esc: cancel"


def explore(request: Request, environment: Environment) -> int:
    """Explore a store until the user quits; return the exit code."""
    session = Session(request, environment)
    canvas = environment.canvas(request)
    assert environment.stdin
    assert environment.stdout
    with Terminal(environment.stdin, environment.stdout) as terminal:
        explorer = Explorer(session, terminal, canvas, environment)
        explorer.run()
    import shlex

    environment.note(f"autotimeline {shlex.join(explorer.command())}")
    return 0


class View:
    """A drawing in place of the list: lines that are computed again after each change of the answer.

    `command` is the name and the words of the command that prints it, without options.
    """

    def __init__(self, command: Callable[[], Sequence[str]], table: Callable[[], Table], *, is_card: bool = False) -> None:
        self.command = command
        self.table = table
        self.is_card = is_card
        self.top = 0
        self._lines: list[str] = []
        self._drawn: object = None

    def lines(self, canvas: Canvas, state: object) -> list[str]:
        """Return the lines of the table on a canvas; `state` changes if the table has to be drawn again."""
        if self._drawn != (canvas.width, state):
            from io import StringIO

            from autotimeline.formats import table as table_format

            out = StringIO()
            table_format.write(self.table(), out, canvas, frozenset())
            self._lines = out.getvalue().split("\n")[:-1] or ["nothing to show"]
            self._drawn = canvas.width, state
        return self._lines


class Explorer:
    """The list of events with a cursor, a view above it if one is open, and a line of input."""

    def __init__(self, session: Session, terminal: Terminal, canvas: Canvas, environment: Environment) -> None:
        self.session = session
        self.terminal = terminal
        self.environment = environment
        self._canvas = canvas
        self._view: View | None = None
        self._input: LineInput | None = None
        # Called with the text of the input: after each key, and after Enter.
        self._change: Callable[[str], None] | None = None
        self._accept: Callable[[str], object] = str
        self._cursor = self._top = 0
        # The event that the cursor stays at while the answer changes.
        self._anchor = ""
        self._height = 1
        self._message = ""
        self._side = ""
        self._history: list[str] = []
        self._written = ""
        self._is_done = False

    def run(self) -> None:
        """Show the screen and read keys until the user quits."""
        while not self._is_done:
            if not self.terminal.has_typed:
                self._guard(self._apply_input)
                self._draw()
            key = self.terminal.read_key(_POLL_SECONDS)
            if self._guard(self.session.refresh):
                self._locate()
            if key:
                self._guard(partial(self._press, key))

    def command(self) -> list[str]:
        """Return the command line, without the program, that prints what is shown."""
        if self._view:
            return self.session.command(*self._view.command())
        return self.session.command("list", *self.session.query_words())

    def _guard(self, action: Callable[[], Any]) -> Any:
        """Return the result of an action; show its error, if any, as the message."""
        try:
            return action()
        except AutotimelineError as error:
            self._message = str(error)
            return None

    def _press(self, key: str) -> None:
        self._message = ""
        if self._input:
            self._press_in_input(self._input, key)
        elif action := self._actions().get("Space" if key == " " else key):
            action(self)

    def _actions(self) -> dict[str, Callable[[Explorer], None]]:
        mode = "view" if self._view else "list"
        return {key: action for keys, _, _, modes, action in KEYS if mode in modes for key in keys.split()}

    # Moving

    def _move(self, rows: int) -> None:
        if self._view:
            self._view.top += rows
        elif self.session.rows is not None:
            position = max(0, self._cursor + rows)
            self._cursor = min(position, len(self.session.read_rows(position + 1)) - 1)
            self._anchor = self._current_id()

    def _page(self, pages: int) -> None:
        self._move(pages * max(1, self._height - 1))

    def _move_event(self, rows: int) -> None:
        """Move to the previous or next event while its card is shown."""
        if self._view and self._view.is_card:
            view, self._view = self._view, None
            self._move(rows)
            self._view, view.top = view, 0

    def _locate(self) -> None:
        """Move the cursor back to its event after the answer has changed."""
        position = self.session.find(self._anchor)
        if position is None:
            position = max(0, min(self._cursor, len(self.session.read_rows(self._cursor + 1)) - 1))
        self._cursor = position

    def _current_id(self) -> str:
        rows = self.session.read_rows(self._cursor + 1)
        return str(rows[self._cursor][0]) if self._cursor < len(rows) else ""

    def _require_event(self) -> str:
        if not (id := self._current_id()):
            raise UsageError("no event at the cursor; change the query with /")
        return id

    # Views

    def _open_card(self) -> None:
        self._require_event()

        def table() -> Table:
            from autotimeline.views import show

            return show.table(self.session.event(self._require_event()), show.DEFAULT_FIELDS)

        self._view = View(lambda: ("show", self._current_id()), table, is_card=True)

    def _open_lanes(self) -> None:
        """Draw lanes, or if they are shown, lanes by the next field."""
        name, by = self._view.command()[:2] if self._view else ("", "")
        by = _LANES[(_LANES.index(by.removeprefix("--by=")) + 1) % len(_LANES)] if name == "chart" else _LANES[0]

        def table() -> Table:
            from autotimeline.views import chart

            return chart.table(self.session.selection, chart.FIELDS, by=by)

        self._view = View(lambda: ("chart", f"--by={by}", *self.session.query_words()), table)

    def _compare_event(self) -> None:
        self._compare(f"id:{self._require_event()}")

    def _compare_query(self) -> None:
        if not self.session.text:
            raise UsageError("the query is empty; write one with / to compare it")
        self._compare(self.session.text)

    def _compare(self, side: str) -> None:
        """Mark the first side, or compare the second side with it."""
        first, self._side = self._side, ""
        if not first:
            self._side = side
        elif first != side:

            def table() -> Table:
                from autotimeline.reports.comparison import Side, parse_side
                from autotimeline.views import compare

                resolver = self.session.selection.resolver
                nodes = [parse_side(each, resolver) for each in (first, side)]
                return compare.table([Side(node, self.session.select("", node)) for node in nodes], compare.FIELDS)

            self._view = View(lambda: ("compare", first, side), table)

    def _close_view(self) -> None:
        self._view = None

    # Input

    def _ask(self, line: LineInput, accept: Callable[[str], object], change: Callable[[str], None] | None = None) -> None:
        self._input, self._accept, self._change = line, accept, change

    def _press_in_input(self, line: LineInput, key: str) -> None:
        if key == "Enter":
            self._apply_input()
            self._input = None
            self._guard(partial(self._accept, line.text))
        elif key == "Escape":
            line.restore()
            self._apply_input()
            self._input = None
        else:
            line.edit(key)

    def _apply_input(self) -> None:
        if self._input and self._change:
            self._change(self._input.text)

    def _edit_query(self) -> None:
        from autotimeline.cli.word_completion import complete_value

        def complete(word: str) -> list[str]:
            return [candidate for candidate, _ in complete_value("query", word, self.session.files)]

        if self._view and self._view.command()[0] != "chart":
            self._close_view()
        self._ask(LineInput("/", self.session.text, self._history, complete), self._accept_query, self._search)

    def _search(self, text: str) -> None:
        if text != self.session.text:
            self.session.search(text)
            self._locate()

    def _accept_query(self, text: str) -> None:
        self._history = [*(line for line in self._history if line != text), text]
        if not self.session.total:
            from autotimeline.query.hints import word_hints

            self._message = "\n".join(word_hints(self.session.selection))

    def _edit_as_of(self) -> None:
        self._ask(LineInput("as of (empty: now): ", self.session.as_of), self._move_to)

    def _move_to(self, text: str) -> None:
        self.session.move_to(text)
        self._locate()

    def _step(self, *, forward: bool) -> None:
        self.session.step(forward=forward)
        self._locate()

    def _show_keys(self) -> None:
        self._ask(LineInput("keys: "), str)

    # Actions

    def _edit(self) -> None:
        from autotimeline.cli.editor import run_editor

        if self.session.problems:
            path, line, _ = self.session.problems[0]
        else:
            path, line = next(iter(self.session.event(self._require_event()).rows(("file", "line"))))
        with self.terminal.released():
            self._message = run_editor(os.path.abspath(path), self.environment.variables, line)

    def _copy(self) -> None:
        from base64 import b64encode

        id = self._require_event()
        self.terminal.write(f"\x1b]52;c;{b64encode(id.encode()).decode()}\a")
        self._message = f"copied, if the terminal allows it: {id}"

    def _ask_path(self) -> None:
        self._ask(LineInput("write to: ", self._written or "view.html"), self._write)

    def _write(self, path: str) -> None:
        """Write the events of the query as `export` does; a file that exists is replaced only the second time."""
        from io import StringIO

        words = [f"--output={path}", *(["--force"] if path == self._written else []), *self.session.query_words()]
        errors = StringIO()
        streams = self.environment.with_streams(self.environment.stdin, StringIO(), errors)  # type: ignore[arg-type]
        code = self.environment.run_command(self.session.command("export", *words), streams)
        self._written = path
        self._message = errors.getvalue().strip() or f"{path}: written"
        if code and os.path.exists(path):
            self._message += "; or press w again, and Enter"

    def _quit(self) -> None:
        self._is_done = True

    # Drawing

    def _draw(self) -> None:
        columns, rows = self.terminal.size()
        old = self._canvas
        self._canvas = canvas = Canvas(columns, color=old.color, unicode=old.unicode, is_terminal=True)
        notes = [line for text in self._notes() for line in canvas.wrap(text, columns)][: max(1, rows // 2)]
        self._height = max(1, rows - 2 - len(notes))
        body = self._body(canvas)[: self._height]
        body += [""] * (self._height - len(body))
        cursor = None
        bottom = canvas.stylize(self._hint(), "muted")
        if self._input:
            bottom, column = self._input.draw(canvas, columns)
            cursor = rows - 1, column
        lines = [self._header(canvas), *body, *(canvas.stylize(note, "muted") for note in notes), bottom]
        self.terminal.draw(lines[-rows:], cursor)

    def _header(self, canvas: Canvas) -> str:
        session = self.session
        parts = [session.text or "all events"]
        parts += [f"as of {session.as_of}"] if session.as_of else []
        parts += [f"A: {self._side}"] if self._side else []
        return canvas.stylize(canvas.truncate(" · ".join(parts), canvas.width or 0), "title")

    def _notes(self) -> list[str]:
        """Return the texts between the list and the last line: problems, the message, or the counts."""
        session = self.session
        if self._input and self._input.completions:
            return ["  ".join(self._input.completions)]
        if session.problems:
            problems = [f"{os.path.relpath(file)}:{line}: {text}" for file, line, text in session.problems]
            return [*problems, "the store is invalid; e: edit the first problem"]
        if self._message:
            return self._message.split("\n")
        return [*session.selection.resolver.warnings, session.counts()]

    def _hint(self) -> str:
        """Return the keys of the mode, as many as fit."""
        mode = "view" if self._view else "list"
        canvas = self._canvas
        hint = ""
        for keys, label, _, modes, _ in KEYS:
            extended = f"{hint}{' · ' if hint else ''}{keys.split()[0]} {label}"
            if label and mode in modes and canvas.measure(extended) <= (canvas.width or 0):
                hint = extended
        return hint

    def _body(self, canvas: Canvas) -> list[str]:
        if self._input and self._input.label == "keys: ":
            return self._key_lines(canvas, self._input.text)
        if self._view:
            lines = self._guard(lambda: self._view.lines(canvas, (self.session.version, self._current_id())))
            if lines is not None:
                self._view.top = max(0, min(self._view.top, len(lines) - self._height))
                return lines[self._view.top :]
            self._close_view()
        return self._list_lines(canvas)

    def _list_lines(self, canvas: Canvas) -> list[str]:
        self._top = max(self._cursor - self._height + 1, min(self._top, self._cursor))
        rows = self.session.read_rows(self._top + self._height)[self._top : self._top + self._height]
        self._anchor = self._anchor or self._current_id()
        widest = max((canvas.measure(canvas.sanitize(row[1] or "undated")) for row in rows), default=0)
        date_width = min(widest, _MAX_DATE, (canvas.width or 0) // 3)
        return [self._list_line(canvas, row, date_width, self._top + index) for index, row in enumerate(rows)]

    def _list_line(self, canvas: Canvas, row: Sequence[Any], date_width: int, position: int) -> str:
        event = dict(zip(ROW_FIELDS, row, strict=True))
        is_current = position == self._cursor
        mark = [(STATUS_MARKS[event["mark"]], event["mark"]), *flag_texts(event["match"] == "possible", event["disputed"])]
        date = canvas.pad(canvas.truncate(event["date"] or "undated", date_width), date_width)
        indent = canvas.measure(canvas.sanitize("▸ ●?≠ ")) + date_width + 2
        title = canvas.truncate(event["title"], max(1, (canvas.width or 0) - indent))
        plain = Canvas(canvas.width, unicode=canvas.unicode) if is_current else canvas
        marks, mark_width = style_piece(plain, mark)
        padding = " " * (canvas.measure(canvas.sanitize("●?≠ ")) - mark_width)
        text = f"{canvas.sanitize('▸ ' if is_current else '  ')}{marks}{padding}{plain.stylize(date, 'date')}  {title}"
        on, off = _REVERSE_CODES if is_current and canvas.color else ("", "")
        return f"{on}{text}{off}"

    def _key_lines(self, canvas: Canvas, search: str) -> list[str]:
        from autotimeline.render.text_layout import draw, grid
        from autotimeline.text import fold

        rows = [[[(", ".join(keys.split()), "title")], [(help, "")]] for keys, _, help, _, _ in KEYS]
        found = [row for row in rows if fold(search) in fold(" ".join(cell[0][0] for cell in row))]
        return list(draw([grid(found)], canvas)) or ["no key is described by these words"]


# The names of keys, a short label, help, the modes, and the action. The hint shows the first name and the label.
KEYS: tuple[tuple[str, str, str, tuple[str, ...], Callable[[Explorer], Any]], ...] = (
    ("?", "keys", "Show the keys; type to search them.", ("list", "view"), Explorer._show_keys),
    ("q", "quit", "Quit, and print the command that shows the same.", ("list", "view"), Explorer._quit),
    ("/", "query", "Edit the query; Tab completes, Up shows the history.", ("list", "view"), Explorer._edit_query),
    ("Enter", "card", "Show all facts of the event at the cursor.", ("list",), Explorer._open_card),
    ("Escape Backspace", "back", "Return to the list.", ("view",), Explorer._close_view),
    ("e", "edit", "Edit the event in your editor, or the first problem.", ("list", "view"), Explorer._edit),
    ("l", "lanes", "Draw lanes; again: by another field.", ("list", "view"), Explorer._open_lanes),
    ("c", "compare", "Mark the event as side A; then compare another.", ("list", "view"), Explorer._compare_event),
    ("C", "", "Mark the query as side A; then compare another.", ("list", "view"), Explorer._compare_query),
    ("d", "as of", "Answer as of a day.", ("list", "view"), Explorer._edit_as_of),
    ("[", "", "Step to the previous day on which something became known.", ("list", "view"), partial(Explorer._step, forward=False)),
    ("]", "", "Step to the next such day.", ("list", "view"), partial(Explorer._step, forward=True)),
    ("w", "write", "Write the events to a page or another snapshot.", ("list", "view"), Explorer._ask_path),
    ("y", "copy", "Copy the id of the event.", ("list", "view"), Explorer._copy),
    ("Down j", "", "Move down.", ("list", "view"), lambda explorer: explorer._move(1)),
    ("Up k", "", "Move up.", ("list", "view"), lambda explorer: explorer._move(-1)),
    ("PageDown Space", "", "Move down a page.", ("list", "view"), lambda explorer: explorer._page(1)),
    ("PageUp", "", "Move up a page.", ("list", "view"), lambda explorer: explorer._page(-1)),
    ("Home g", "", "Move to the beginning.", ("list", "view"), lambda explorer: explorer._move(-_FAR)),
    ("End G", "", "Move to the end.", ("list", "view"), lambda explorer: explorer._move(_FAR)),
    ("Right", "", "Show the card of the next event.", ("view",), lambda explorer: explorer._move_event(1)),
    ("Left", "", "Show the card of the previous event.", ("view",), lambda explorer: explorer._move_event(-1)),
    ("Redraw", "", "Draw the screen again.", ("list", "view"), lambda explorer: explorer.terminal.redraw()),
)
