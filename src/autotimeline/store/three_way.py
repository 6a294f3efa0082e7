"""Three-way merging of sequences of lines or statements, and conflict markers in a text."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from autotimeline.store import edit
from autotimeline.store.blocks import TomlSyntaxError, find_comments, parse_toml

# The merged items of both sides, which differ if they conflict.
Sides = tuple[Sequence[str], Sequence[str]]

_MARKED = re.compile(
    r"^(?P<mark><{7,})(?: .*)?\r?\n(?:.*\n)*?={7,}(?: .*)?\r?\n(?:.*\n)*?>{7,}(?: .*)?\r?$\n?", re.MULTILINE
)


def merge_sequences(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Sides]:
    """Yield the merged parts in order; a part that both sides changed differently is a conflict."""
    b = o = t = 0
    for next_b, next_o, next_t, size in _common_runs(base, ours, theirs):
        old, our_part, their_part = base[b:next_b], ours[o:next_o], theirs[t:next_t]
        if our_part == old:
            yield their_part, their_part
        elif their_part in (old, our_part):
            yield our_part, our_part
        else:
            yield our_part, their_part
        b, o, t = next_b + size, next_o + size, next_t + size
        yield base[next_b:b], base[next_b:b]


def _common_runs(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start in base, in ours, in theirs, length) of the runs that all three share, and an empty last one."""
    runs = [SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks() for side in (ours, theirs)]
    i = j = 0
    while i < len(runs[0]) and j < len(runs[1]):
        our_run, their_run = runs[0][i], runs[1][j]
        start = max(our_run.a, their_run.a)
        end = min(our_run.a + our_run.size, their_run.a + their_run.size)
        if start < end:
            yield start, start - our_run.a + our_run.b, start - their_run.a + their_run.b, end - start
        if our_run.a + our_run.size < their_run.a + their_run.size:
            i += 1
        else:
            j += 1
    yield len(base), len(ours), len(theirs), 0


def merge_comments(base: str, ours: str, theirs: str) -> str:
    """Merge texts of only comments and white space; if both changed a part, it has the lines of both."""
    if base == theirs or ours == theirs:
        return ours
    lines: list[str] = []
    for our_part, their_part in merge_sequences(*map(edit.split_lines, (base, ours, theirs))):
        lines += our_part
        lines += [line for line in their_part if line not in our_part]
    return "".join(lines)


def split_statements(text: str) -> list[str]:
    """Split a valid text into headers, keys with their values, and other lines."""
    statements, current = [], ""
    for line in edit.split_lines(text):
        current += line
        if not isinstance(parse_toml(current), TomlSyntaxError):
            statements.append(current)
            current = ""
    return [*statements, current] if current else statements


def mark_differences(ours: str, theirs: str, marker_size: int) -> str:
    """Return a text with conflict markers around the statements that differ between two valid texts.

    Markers around lines could be inside a text of several lines, where they are valid.
    """
    sides = split_statements(ours), split_statements(theirs)
    opcodes = SequenceMatcher(None, *sides, autojunk=False).get_opcodes()
    parts = [("".join(sides[0][a1:a2]), "".join(sides[1][b1:b2])) for _, a1, a2, b1, b2 in opcodes]
    for number, (our_part, _) in enumerate(parts[:-2]):
        # A key that replaces another, such as `period` for `date`, is shown in its position.
        if opcodes[number][0] == "delete" and opcodes[number + 2][0] == "insert" and "[[" not in parts[number + 1][0]:
            parts[number], parts[number + 2] = (our_part, parts[number + 2][1]), ("", "")
    return "".join(o if o == t else mark_conflict(o, t, marker_size) for o, t in parts)


def take_written(text: str, before: str, other: str) -> str:
    """Return a valid text whose statements that are not in `before` are as another text has them, if it does."""
    kept = set(split_statements(before))
    written = {repr(tables): statement for statement in split_statements(other) if (tables := parse_toml(statement))}
    result = ""
    for statement in split_statements(text):
        candidate = statement if statement in kept else written.get(repr(parse_toml(statement)), statement)
        loses_comments = set(find_comments(statement)) - set(find_comments(candidate))
        result += statement if loses_comments else candidate
    return result


def mark_conflict(ours: str, theirs: str, marker_size: int) -> str:
    """Return two texts between conflict markers."""
    parts = ["<" * marker_size + " ours\n", ours, "=" * marker_size + "\n", theirs, ">" * marker_size + " theirs\n"]
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in parts)


def mark_lines(ours: str, theirs: str, marker_size: int) -> str:
    """Return a text with conflict markers around the lines from the first to the last that differ."""
    sides = edit.split_lines(ours), edit.split_lines(theirs)
    head, tail = edit.common_ends(*sides)
    our_part, their_part = ("".join(lines[head : len(lines) - tail]) for lines in sides)
    end = "".join(sides[0][len(sides[0]) - tail :])
    return "".join(sides[0][:head]) + mark_conflict(our_part, their_part, marker_size) + end


def conflict_line(text: str, key: str = "") -> int:
    """Return the first line (from 1) of the conflict markers around a key, or else of any; 0 without any.

    Markers inside a string count, too.
    """
    conflicts = list(_MARKED.finditer(text)) if "<<<<<<<" in text else []
    names_key = re.compile(rf"^(?:\[+event\.)?{re.escape(key)}\b", re.MULTILINE)
    found = next((conflict for conflict in conflicts if key and names_key.search(conflict[0])), None)
    start = found or next(iter(conflicts), None)
    return text.count("\n", 0, start.start()) + 1 if start else 0


def remove_conflicts(text: str) -> str:
    """Remove conflict markers and what is between them: a common ancestor that git merged may have conflicts."""
    return _MARKED.sub("", text)
