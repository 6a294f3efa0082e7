"""The full-screen explorer: what each key does, and what is on the screen."""

from __future__ import annotations

import os
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING

from autotimeline.cli.explore.line_input import LineInput
from autotimeline.cli.explore.screen import Key, hint, key_lines, list_lines, problem_lines
from autotimeline.cli.explore.session import query_words
from autotimeline.errors import AutotimelineError, UsageError
from autotimeline.render.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from autotimeline.cli.environment import Environment
    from autotimeline.cli.explore.session import Session
    from autotimeline.cli.explore.terminal import Terminal

_POLL_SECONDS = 0.5  # between two looks at the files of the store
_FAR = 1 << 40  # rows
_LANES = ("kind", "actor", "status", "era", "tag", "place")
_KEYS_LABEL = "keys: "
_QUERY_HINT = "Enter accept · Esc cancel · Tab complete · Up history"


class Explorer:
    """A list of events with a cursor, perhaps a view over it, and a line of input below."""

    def __init__(self, session: Session, terminal: Terminal, canvas: Canvas, environment: Environment) -> None:
        self.session, self.terminal, self.canvas, self.environment = session, terminal, canvas, environment
        # The cursor stays at this event while the answer changes.
        self._id = ""
        self._cursor = self._top = self._keys_top = 0
        # The command and the words of the view, its lines, and what they depend on.
        self._view: tuple[str, ...] = ()
        self._view_top, self._view_lines = 0, [""]
        self._view_state: object = None
        self._input: LineInput | None = None
        self._history = [session.text]
        self._message = self._side = self._path = ""
        self._height, self._is_done = 1, False

    def run(self) -> None:
        """Show the screen and apply keys until the user quits."""
        self._message = "\n".join(self.session.hints())
        while not self._is_done:
            if not self.terminal.has_typed:
                self._try(self._apply_input)
                self._draw()
            key = self.terminal.read_key(_POLL_SECONDS)
            self._try(self._refresh)
            if key:
                self._message = ""
                self._try(partial(self._press, key))

    def command(self) -> list[str]:
        """Return the command line, without the program, that prints what is shown."""
        name, *words = self._view or ("list",)
        if name in ("show", "compare"):
            return self.session.command(name, words)
        return self.session.command(name, query_words(self.session.text), *(f"--by={word}" for word in words))

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except AutotimelineError as error:
            self._message = str(error)

    def _refresh(self) -> None:
        if self.session.refresh():
            self._locate()

    def _locate(self) -> None:
        self._cursor = self.session.find(self._id, self._cursor)

    def _press(self, key: str) -> None:
        line = self._input
        if line is None:
            name = "Space" if key == " " else key
            found = (key.action for key in KEYS if name in key.names and self._mode in key.modes)
            next(found, lambda explorer: None)(self)
        elif line.label == _KEYS_LABEL and key in ("Up", "Down"):
            self._keys_top += 1 if key == "Down" else -1
        elif key in ("Enter", "Escape"):
            (line.accept if key == "Enter" else line.change)(line.text if key == "Enter" else line.original)
            self._input = None
        else:
            line.edit(key)

    def _apply_input(self) -> None:
        if self._input and self._input.is_changed:
            self._input.is_changed = False
            self._input.change(self._input.text)

    @property
    def _mode(self) -> str:
        return "view" if self._view else "list"

    def _move(self, rows: int) -> None:
        if self._view:
            self._view_top = max(0, min(self._view_top + rows, len(self._view_lines) - self._height))
        else:
            self._cursor = self.session.find("", max(0, self._cursor + rows))
            self._id = self._current_id()

    def _move_page(self, pages: int) -> None:
        self._move(pages * max(1, self._height - 1))

    def _current_id(self) -> str:
        rows = self.session.read_rows(self._cursor + 1)
        return str(rows[self._cursor][0]) if self._cursor < len(rows) else ""

    def _require_id(self) -> str:
        if id := self._current_id():
            return id
        raise UsageError("no event at the cursor; press / to change the query")

    def _show(self, *view: str) -> None:
        self._view, self._view_top = view, 0

    def _open_card(self, rows: int = 0) -> None:
        """Show the card of the event at the cursor, after moving it."""
        if rows and self._view[:1] != ("show",):
            return
        self._view = ()
        self._move(rows)
        self._show("show", self._require_id())

    def _open_lanes(self) -> None:
        """Show lanes, or if they are shown, lanes by the next field."""
        command, by = (*self._view, "", "")[:2]
        self._show("chart", _LANES[(_LANES.index(by) + 1) % len(_LANES)] if command == "chart" else _LANES[0])

    def _compare(self, side: str) -> None:
        """Mark the first side, or compare the second one with it."""
        if not side:
            raise UsageError("the query is empty; press / to write one")
        first, self._side = self._side, "" if self._side else side
        if first and first != side:
            self._show("compare", first, side)

    def _compare_event(self) -> None:
        self._compare(f"id:{self._require_id()}")

    def _step(self, steps: int) -> None:
        self._answer_past(partial(self.session.step, steps))

    def _edit_query(self) -> None:
        from autotimeline.cli.word_completion import complete_value

        def complete(word: str) -> list[str]:
            return [candidate for candidate, _ in complete_value("query", word, self.session.files)]

        if self._view[:1] != ("chart",):
            self._show()
        text = self.session.text
        history = [line for line in self._history if line not in ("", text)]
        self._input = LineInput("/", text, self._accept_query, self._search, history, complete, _QUERY_HINT)

    def _search(self, text: str) -> None:
        if text != self.session.text:
            self.session.search(text)
            self._locate()

    def _accept_query(self, text: str) -> None:
        self._search(text)
        self._id = self._current_id()
        self._history = [*(line for line in self._history if line != text), text]
        self._message = "\n".join(self.session.hints())

    def _edit_day(self) -> None:
        def accept(text: str) -> None:
            self._answer_past(partial(self.session.move_to, text))

        self._input = LineInput("as of (empty: now): ", self.session.as_of, accept)

    def _answer_past(self, move: Callable[[], None]) -> None:
        # A large store takes seconds.
        self._message = "reading the store as it was known then"
        self._draw()
        self._message = ""
        move()
        self._locate()

    def _edit_path(self) -> None:
        self._input = LineInput("write to: ", self._path or "view.html", self._write)

    def _write(self, path: str) -> None:
        """Write the events of the query as `export` does; replace a file only if it is named twice."""
        flags = [f"--output={path}", *(["--force"] if path == self._path else [])]
        command = self.session.command("export", query_words(self.session.text), *flags)
        errors = StringIO()
        streams = self.environment.with_streams(self.environment.stdin, StringIO(), errors)  # type: ignore[arg-type]  # never a file
        code = self.environment.run_command(command, streams)
        self._path = path if code == AutotimelineError.exit_code and os.path.exists(path) else ""
        self._message = errors.getvalue().strip().removeprefix("autotimeline: ") or f"{path}: written"
        self._message += "; or press w and Enter again" if self._path else ""

    def _edit_store(self) -> None:
        from autotimeline.cli.editor import run_editor

        path, line = self.session.position("" if self.session.problems else self._require_id())
        with self.terminal.released():
            self._message = run_editor(os.path.abspath(path), self.environment.variables, line)

    def _copy_id(self) -> None:
        from base64 import b64encode

        id = self._require_id()
        self.terminal.write(f"\x1b]52;c;{b64encode(id.encode()).decode()}\a")
        self._message = f"copied, if the terminal allows it: {id}"

    def _show_keys(self) -> None:
        self._input = LineInput(_KEYS_LABEL, "", str, hint="Enter close · Up Down scroll")

    def _quit(self) -> None:
        self._is_done = True

    def _draw(self) -> None:
        columns, rows = self.terminal.size()
        self.canvas = canvas = Canvas(columns, color=self.canvas.color, unicode=self.canvas.unicode, is_terminal=True)
        if self._view:
            self._try(self._draw_view)
        notes = [line for text in self._notes() for line in canvas.wrap(text, columns)][: max(1, rows // 2)]
        notes += [canvas.truncate(self._input.hint, columns)] if self._input else []
        self._height = max(1, rows - 2 - len(notes))
        session = self.session
        parts = [
            session.text or "all events",
            session.as_of and f"as of {session.as_of}",
            self._side and f"A: {self._side}",
        ]
        header = canvas.truncate(" · ".join(filter(None, parts)), columns)
        bottom, column = self._input.draw(canvas, columns) if self._input else (hint(canvas, KEYS, self._mode), 0)
        body = [*self._body(), *[""] * self._height][: self._height]
        muted = [canvas.stylize(note, "muted") for note in notes]
        lines = [canvas.stylize(header, "title"), *body, *muted, bottom][-rows:]
        self.terminal.draw(lines, (rows - 1, column) if self._input else None)

    def _notes(self) -> list[str]:
        """Return the texts above the last line: completions, problems of the store, the message, or the counts."""
        session = self.session
        if self._input and self._input.completions:
            return ["  ".join(self._input.completions)]
        if session.problems:
            return [*self._message.splitlines(), *problem_lines(session.problems)]
        return self._message.splitlines() or [session.counts]

    def _body(self) -> list[str]:
        if self._input and self._input.label == _KEYS_LABEL:
            lines = key_lines(self.canvas, KEYS, self._input.text)
            self._keys_top = max(0, min(self._keys_top, len(lines) - self._height))
            return lines[self._keys_top :]
        if self._view:
            return self._view_lines[self._view_top :]
        self._top = max(self._cursor - self._height + 1, min(self._top, self._cursor))
        rows = self.session.read_rows(self._top + self._height)[self._top : self._top + self._height]
        self._id = self._id or self._current_id()
        return list_lines(self.canvas, rows, self._current_id())

    def _draw_view(self) -> None:
        state = (self.canvas.width, self.session.version, self._view)
        if state != self._view_state:
            from autotimeline.formats import table

            out, view, self._view = StringIO(), self._view, ()  # closed if it cannot be drawn
            table.write(self.session.table(*view), out, self.canvas, frozenset())
            lines = out.getvalue().splitlines() or ["nothing to show"]
            self._view, self._view_lines, self._view_state = view, lines, state


KEYS = (
    Key(("?",), "keys", "Show the keys; type to search them, Up and Down scroll.", Explorer._show_keys),
    Key(("q",), "quit", "Quit, and print the command that shows the same.", Explorer._quit),
    Key(("/",), "query", "Edit the query; Tab completes, Up shows the history.", Explorer._edit_query),
    Key(("Enter",), "card", "Show all facts of the event at the cursor.", Explorer._open_card, ("list",)),
    Key(("Escape", "Backspace"), "back", "Return to the list.", Explorer._show, ("view",)),
    Key(("e",), "edit", "Edit the event in your editor, or the first problem.", Explorer._edit_store),
    Key(("l",), "lanes", "Draw lanes; again: by another field.", Explorer._open_lanes),
    Key(("c",), "compare", "Mark the event as side A, then compare another.", Explorer._compare_event),
    Key(("C",), "", "Mark the query as side A, then compare another.", lambda e: e._compare(e.session.text)),
    Key(("d",), "as of", "Answer as of a day.", Explorer._edit_day),
    Key(("[",), "", "Step to the previous day on which something became known.", lambda e: e._step(-1)),
    Key(("]",), "", "Step to the next such day.", lambda e: e._step(1)),
    Key(("w",), "write", "Write the events to a page or another snapshot.", Explorer._edit_path),
    Key(("y",), "copy", "Copy the id of the event.", Explorer._copy_id),
    Key(("Down", "j"), "", "Move down.", lambda e: e._move(1)),
    Key(("Up", "k"), "", "Move up.", lambda e: e._move(-1)),
    Key(("PageDown", "Space"), "", "Move down a page.", lambda e: e._move_page(1)),
    Key(("PageUp",), "", "Move up a page.", lambda e: e._move_page(-1)),
    Key(("Home", "g"), "", "Move to the beginning.", lambda e: e._move(-_FAR)),
    Key(("End", "G"), "", "Move to the end.", lambda e: e._move(_FAR)),
    Key(("Right",), "", "Show the card of the next event.", lambda e: e._open_card(1), ("view",)),
    Key(("Left",), "", "Show the card of the previous event.", lambda e: e._open_card(-1), ("view",)),
    Key(("Ctrl-L",), "", "Draw the screen again.", lambda e: e.terminal.redraw()),
)
