"""Say why a text is no TOML, where, and what to write instead. Loaded only once one is refused.

`tomllib` tells a reason in the words of its own grammar, and the place at which it gave up; what hands do wrong
most often is told in words of their own here, at the place where it was done.
"""

from __future__ import annotations

import re
from unicodedata import category

from autotimeline.store.table_reader import slug

# What may hold a bracket or a quote that means nothing, brackets, and `lone` quotes that open and never close.
_TOKEN = re.compile(
    r""""{3}(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}|'{3}(?:[^']++|''?(?!'))*+'{3,5}|(?P<lone>"{3}|'{3})"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+'|\#[^\n]*|(?P<open>[\[{])|(?P<close>[\]}])|(?P<single>["'])""",
    re.DOTALL,
)
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_STATEMENT = re.compile(rf"[ \t]*(?P<key>{_PART}(?:[ \t]*\.[ \t]*{_PART})*+)[ \t]*=[ \t]*(?P<value>.*)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_HEADER = re.compile(r"[ \t]*(\[+)([^\[\]=]*)(\]*)[ \t]*(?:#.*)?")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")
_DATES = ("date", "period", "known", "published")
_WITH_ID = ("actor", "source", "era")
_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_LONGEST = 60

# What a character looks like and is not: which it is, and what to write.
_LOOKALIKES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", ("a typographic quote", '"')),
    **dict.fromkeys("\u2018\u2019\u201a\u201b", ("a typographic quote", "'")),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", ("a dash that is no hyphen", "-")),
    "\uff0c": ("a wide comma", ","),
    "\ufeff": ("a byte-order mark", ""),
}


def remedy(message: str, text: str) -> tuple[str, int, bool]:
    """Return what is wrong with a text, its line (from 0), and whether only because the text ends too early.

    `message` is what `tomllib` says of it.
    """
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    what = message[: found.start()] if found else message
    if found and found[1]:
        line, column, early = int(found[1]) - 1, int(found[2]) - 1, False
    else:
        end = text.rstrip()
        line, column, early = end.count("\n"), len(end) - end.rfind("\n") - 1, bool(found)
    lines = [each.rstrip("\r") for each in text.split("\n")]
    key = _STATEMENT.match(lines[line])
    if early and re.match("Unterminated|Unclosed|Expected [\"']'", what):
        line, column = _opened(text)
        said = _unclosed(lines[line][column:])
    elif re.match(r"(Illegal|Found invalid) character '\\[nr]'", what):
        column = _opened(lines[line])[1]
        said = _unclosed(lines[line][column:])
    elif re.match("Unclosed array|Invalid value", what) and key and key.start("key") == column:
        # A key stands in the place of an item.
        line, column = _opened("\n".join(lines[:line]))
        said = "the list that begins here is not closed before the next key: end it with ]"
    else:
        said = _explained(what, lines, line, column)
    return f"{said} (column {column + 1})", line, early


def lookalike(text: str) -> str | None:
    """Name the first character of a text that looks like one of TOML's and is none, and say what to write."""
    for character in text:
        if found := _lookalike(character):
            named, instead = found
            return f"{named}: " + (f"write {instead}" if instead.strip() else _SPACING[instead])
    return None


_SPACING = {" ": "write a plain space", "": "leave it out"}


def _lookalike(character: str) -> tuple[str, str] | None:
    if character.isascii():
        return None
    kind, instead = _LOOKALIKES.get(character, ("", ""))
    if not kind and (space := category(character) == "Zs") | (category(character) == "Cf"):
        kind, instead = ("a space that is no plain one", " ") if space else ("an invisible character", "")
    if not kind:
        return None
    code = f"U+{ord(character):04X}"
    return (f"{character} ({code}, {kind})" if instead.strip() else f"{code} ({kind})"), instead


def _plain(text: str) -> str:
    """Return a text with each character that only looks like one of TOML's replaced by that."""
    return "".join(found[1] if (found := _lookalike(character)) else character for character in text)


def _opened(text: str) -> tuple[int, int]:
    """Return the line and column of the innermost bracket, or the quote, that opens and never closes."""
    stack = [0]
    for token in _TOKEN.finditer(text):
        if token["lone"] or token["single"]:
            stack.append(token.start())
            break
        if token["open"]:
            stack.append(token.start())
        elif token["close"] and len(stack) > 1:
            stack.pop()
    at = stack[-1]
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1


def _unclosed(opener: str) -> str:
    if opener[0] in "[{":
        named, end = ("list", "]") if opener[0] == "[" else ("table", "}")
        return f"the {named} that begins here is never closed: end it with {end}"
    quote = opener[:3] if opener[:3] in ('"""', "'''") else opener[0]
    typed = lookalike("".join(c for c in opener if "quote" in _LOOKALIKES.get(c, ("",))[0]))
    return f"the text that begins here has no closing quote: end it with {quote}{f'; {typed}' if typed else ''}"


class _Place:
    """A place at which `tomllib` gave up: what it says, the lines of the text, and what is before and behind it."""

    def __init__(self, what: str, lines: list[str], line: int, column: int) -> None:
        self.what = what
        self.lines = lines
        self.line = line
        self.column = column
        self.written = lines[line]
        self.before, self.behind = self.written[:column], self.written[column:]


def _conflict(place: _Place) -> str | None:
    if not _CONFLICT.match(place.written):
        return None
    return "a merge conflict is left here: keep one side, and take out the lines <<<<<<<, ======= and >>>>>>>"


def _value(place: _Place) -> str | None:
    """Judge the whole value of a key: what stands between its = and the end of the line or a comment."""
    statement = _STATEMENT.match(place.written)
    if not statement or place.column < statement.start("value") or "scape" in place.what or "hex" in place.what:
        return None
    value = _COMMENT.sub("", statement["value"]).strip()
    if not value:
        return f"nothing stands behind {statement['key']} =: write a value, or leave the line out"
    if value[0] == "=":
        return "one = is enough"
    if _plain(value)[:1] in ("'", '"', "{", ""):
        return None
    said = _bare(statement["key"], value)
    odd = _lookalike(place.behind[:1])
    return f"{odd[0]} is none of TOML's; {said}" if odd and said else said


def _strange(place: _Place) -> str | None:
    return lookalike(place.behind[:1])


def _headed(place: _Place) -> str | None:
    header = _HEADER.fullmatch(place.written) if re.search("declaration|newline|key part", place.what) else None
    return _header(header[2].strip()) if header else None


def _inside(place: _Place) -> str | None:
    if place.before[-1:] not in ('"', "'") or not re.match(r"\w", place.behind):
        return None
    remedy = 'write \\"' if place.before[-1] == '"' else 'put the text in "…"'
    return f"a quote inside of text ends it there: {remedy}, and see that each text has both its quotes"


def _in_list(place: _Place) -> str | None:
    """Judge one item of a list or table, and what parts it from the next."""
    if not place.what.startswith(("Unclosed", "Invalid value")):
        return None
    left = re.search(r"(?:^|[\[,={])([^\[\],={}\"'#]*)$", place.before)
    right = re.match(r"[^\[\],={}\"'#]*", place.behind)
    if left and right and (item := (left[1] + right[0]).strip()):
        return f"text needs quotes: write {_literal(item)}"
    end = {"Unclosed a": "]", "Unclosed i": "}"}.get(place.what[:10])
    return f"a comma or the closing {end} is missing before this" if end else None


def _no_equals(place: _Place) -> str | None:
    if not place.what.startswith("Expected '='"):
        return None
    key, behind = place.before.strip(), place.behind
    if behind[:1] not in (":", '"', "'", "") or not re.fullmatch(_PART, key):
        return f'behind the key {key} comes an equals sign; text over several lines stands in """…"""'
    value = behind.lstrip(" :").strip()
    shown = value if value[:1] in ("'", '"') and len(value) <= _LONGEST else _literal(value) if value else "…"
    return f"behind the key comes an equals sign: write {key} = {shown}"


def _other(place: _Place) -> str | None:
    told = f"{place.what}|{place.behind[:1]}"
    return next((said for pattern, said in _OTHERS.items() if re.match(pattern, told)), None)


_OTHERS = {
    r"Unescaped|Invalid hex|Escaped": "in \"…\" a backslash begins an escape: write \\\\, or put the text in '…'",
    r"Invalid initial character for a key part\|}": "no comma stands before the closing }: take it out",
    r"Invalid initial character for a key part\|$": (
        "a table in { } stands on one line: write it so, or begin one of its own, as [event.figures]"
    ),
    r"Expected newline": "nothing but a # comment may stand behind a value: write one key and its value on each line",
    r"Invalid statement": "this is no line of a store: write key = value, a [header], or # before a comment",
}


def _explained(what: str, lines: list[str], line: int, column: int) -> str:
    """Say what is wrong at a place, in the words of the one who wrote it: as the first rule that knows it says."""
    place = _Place(what, lines, line, column)
    rules = (_conflict, _twice, _value, _strange, _headed, _inside, _in_list, _no_equals, _other)
    return next(filter(None, (rule(place) for rule in rules)), what[0].lower() + what[1:])


def _bare(key: str, value: str) -> str:
    """Say what is wrong with a value without quotes, None where it begins as a list does, and is none of dates."""
    value = _plain(value)
    # A quote that is there already, at the end, is one of the pair.
    text = value[:-1].rstrip() if value[-1] in "\"'" and value.count(value[-1]) == 1 else value
    path = [part.strip(" \t\"'") for part in key.split(".")]
    if path[-1] in _DATES:
        refused = _refused_date(text)
        if not refused:
            return f"a date that is no full day needs quotes: write {_literal(text)}"
        return f"a date that is no full day needs quotes, and {refused}"
    if text[0] == "[":
        return ""
    if path[-1] == "reported":
        return f"true and false are written small: write {_FLAGS.get(text.lower(), 'true or false')}"
    if path[0] == "figures" and len(path) == 2 and (refused := _refused_quantity(text)):
        return f"a quantity needs quotes, and {refused}"
    return f"text needs quotes: write {_literal(text)}"


def _refused_date(text: str) -> str:
    from autotimeline.dates import edtf
    from autotimeline.errors import DateError

    try:
        edtf.parse(text)
    except DateError as error:
        return str(error)
    return ""


def _refused_quantity(text: str) -> str:
    from autotimeline.errors import QuantityError
    from autotimeline.quantities.parse import parse

    try:
        parse(text)
    except QuantityError as error:
        return str(error)
    return ""


def _literal(text: str) -> str:
    """Return a text as TOML writes it, for a message."""
    if len(text) > _LONGEST:
        return '" before and behind it'
    if not re.search(r'["\\]', text):
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _twice(place: _Place) -> str | None:
    """Say what is defined a second time on a line, and, where a header may have been lost, how to write it."""
    if place.what.startswith("Duplicate"):
        return f"the key {place.what.rpartition(' ')[2]} stands twice in this table: keep one of the two"
    if not place.what.startswith("Cannot"):
        return None
    statement = _STATEMENT.match(place.written)
    above = range(place.line - bool(statement), -1, -1)
    first = next((n for n in above if _HEADER.fullmatch(place.lines[n])), 0)
    header = _HEADER.fullmatch(place.lines[first])
    path = header[2].strip() if header else ""
    if not statement and path == "event":
        return "each event begins with two brackets on either side: write [[event]]"
    kind = path.partition(".")[0]
    anew = "[[event]]" if kind == "event" else f"[{kind}.ID]" if kind in _WITH_ID else ""
    begins = f"; or, if another {kind} begins there, write {anew} above it" if anew else ""
    if not statement:
        return f"[{path}] stands twice: merge the two{begins}"
    key = statement["key"]
    if any((other := _STATEMENT.match(each)) and other["key"] == key for each in place.lines[first : place.line]):
        return f"{key} stands twice in this block: keep one of the two{begins}"
    whole = key.partition(".")[0].strip()
    return f"{whole} is written both whole ({whole} = …) and in parts ({whole}.x = …): keep one way of the two"


def _header(path: str) -> str:
    kind, _, id = path.partition(".")
    like = slug(id)
    if kind == "event":
        right = f"[event.{like}]" if like else "[[event]]"
    elif kind in _WITH_ID:
        right = f"[{kind}.{like or 'ID'}]"
    else:
        right = f"[{kind}]" if kind in ("store", "snapshot", "alias") else "[[event]], [actor.ID] or [source.ID]"
    return f"this is no header: write {right}"
