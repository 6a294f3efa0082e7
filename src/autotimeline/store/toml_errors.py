"""Say why a text is no TOML, where, and what to write instead. Loaded only once one is refused.

`tomllib` tells a reason in the words of its own grammar, and the place at which it gave up; what hands do wrong
most often is told in words of their own here, at the place where it was done.
"""

from __future__ import annotations

import re
from unicodedata import category

from autotimeline.store.table_reader import slugify

# What may hold a bracket or a quote that means nothing, brackets, and `lone` quotes that open and never close.
_TOKEN = re.compile(
    r""""{3}(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}|'{3}(?:[^']++|''?(?!'))*+'{3,5}|(?P<lone>"{3}|'{3})"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+'|\#[^\n]*|(?P<open>[\[{])|(?P<close>[\]}])|(?P<single>["'])""",
    re.DOTALL,
)
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_STATEMENT = re.compile(rf"[ \t]*(?P<key>{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*+)[ \t]*=[ \t]*(?P<value>.*)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_HEADER = re.compile(r"[ \t]*(\[+)([^\[\]=]*)(\]*)[ \t]*(?:#.*)?")
_CONFLICT_MARKER = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")
_DATE_KEYS = ("date", "period", "known", "published")
_KINDS_WITH_ID = ("actor", "source", "era")
_BOOLEAN_WORDS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_MAX_SHOWN = 60

# What a character looks like and is not: which it is, and what to write.
_LOOKALIKES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", ("a typographic quote", '"')),
    **dict.fromkeys("\u2018\u2019\u201a\u201b", ("a typographic quote", "'")),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", ("a dash that is no hyphen", "-")),
    "\uff0c": ("a wide comma", ","),
    "\ufeff": ("a byte-order mark", ""),
}


def explain_toml_error(message: str, text: str) -> tuple[str, int, bool]:
    """Return what is wrong with a text, its line (from 0), and whether only because the text ends too early.

    `message` is what `tomllib` says of it.
    """
    location = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: location.start()] if location else message
    if location and location[1]:
        line, column, at_end = int(location[1]) - 1, int(location[2]) - 1, False
    else:
        end = text.rstrip()
        line, column, at_end = end.count("\n"), len(end) - end.rfind("\n") - 1, bool(location)
    lines = [each.rstrip("\r") for each in text.split("\n")]
    key = _STATEMENT.match(lines[line])
    if at_end and re.match("Unterminated|Unclosed|Expected [\"']'", reason):
        line, column = _find_unclosed(text)
        explanation = _explain_unclosed(lines[line][column:])
    elif re.match(r"(Illegal|Found invalid) character '\\[nr]'", reason):
        column = _find_unclosed(lines[line])[1]
        explanation = _explain_unclosed(lines[line][column:])
    elif re.match("Unclosed array|Invalid value", reason) and key and key.start("key") == column:
        # A key stands in the place of an item.
        line, column = _find_unclosed("\n".join(lines[:line]))
        explanation = "the list that begins here is not closed before the next key: end it with ]"
    else:
        explanation = _explain(reason, lines, line, column)
    return f"{explanation} (column {column + 1})", line, at_end


def lookalike_hint(text: str) -> str | None:
    """Name the first character of a text that looks like one of TOML's and is none, and say what to write."""
    for character in text:
        if classified := _classify_lookalike(character):
            name, replacement = classified
            return f"{name}: " + (f"write {replacement}" if replacement.strip() else _SPACE_REMEDIES[replacement])
    return None


_SPACE_REMEDIES = {" ": "write a plain space", "": "leave it out"}


def _classify_lookalike(character: str) -> tuple[str, str] | None:
    if character.isascii():
        return None
    kind, replacement = _LOOKALIKES.get(character, ("", ""))
    if not kind and (is_space := category(character) == "Zs") | (category(character) == "Cf"):
        kind, replacement = ("a space that is no plain one", " ") if is_space else ("an invisible character", "")
    if not kind:
        return None
    code = f"U+{ord(character):04X}"
    return (f"{character} ({code}, {kind})" if replacement.strip() else f"{code} ({kind})"), replacement


def _replace_lookalikes(text: str) -> str:
    """Return a text with each character that only looks like one of TOML's replaced by that."""
    return "".join(classified[1] if (classified := _classify_lookalike(character)) else character for character in text)


def _find_unclosed(text: str) -> tuple[int, int]:
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
    position = stack[-1]
    return text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1


def _explain_unclosed(opener: str) -> str:
    if opener[0] in "[{":
        name, end = ("list", "]") if opener[0] == "[" else ("table", "}")
        return f"the {name} that begins here is never closed: end it with {end}"
    quote = opener[:3] if opener[:3] in ('"""', "'''") else opener[0]
    hint = lookalike_hint("".join(c for c in opener if "quote" in _LOOKALIKES.get(c, ("",))[0]))
    return f"the text that begins here has no closing quote: end it with {quote}{f'; {hint}' if hint else ''}"


class _ErrorContext:
    """A place at which `tomllib` gave up: what it says, the lines of the text, and what is before and behind it."""

    def __init__(self, reason: str, lines: list[str], line: int, column: int) -> None:
        self.reason = reason
        self.lines = lines
        self.line = line
        self.column = column
        self.line_text = lines[line]
        self.before, self.after = self.line_text[:column], self.line_text[column:]


def _explain_merge_conflict(context: _ErrorContext) -> str | None:
    if not _CONFLICT_MARKER.match(context.line_text):
        return None
    return "a merge conflict is left here: keep one side, and take out the lines <<<<<<<, ======= and >>>>>>>"


def _explain_value(context: _ErrorContext) -> str | None:
    """Judge the whole value of a key: what stands between its = and the end of the line or a comment."""
    statement = _STATEMENT.match(context.line_text)
    if (
        not statement
        or context.column < statement.start("value")
        or "scape" in context.reason
        or "hex" in context.reason
    ):
        return None
    value = _COMMENT.sub("", statement["value"]).strip()
    if not value:
        return f"nothing stands behind {statement['key']} =: write a value, or leave the line out"
    if value[0] == "=":
        return "one = is enough"
    if _replace_lookalikes(value)[:1] in ("'", '"', "{", ""):
        return None
    explanation = _explain_unquoted(statement["key"], value)
    lookalike = _classify_lookalike(context.after[:1])
    return f"{lookalike[0]} is none of TOML's; {explanation}" if lookalike and explanation else explanation


def _explain_lookalike(context: _ErrorContext) -> str | None:
    return lookalike_hint(context.after[:1])


def _explain_header_line(context: _ErrorContext) -> str | None:
    header = _HEADER.fullmatch(context.line_text) if re.search("declaration|newline|key part", context.reason) else None
    return _explain_header(header[2].strip()) if header else None


def _explain_inner_quote(context: _ErrorContext) -> str | None:
    if context.before[-1:] not in ('"', "'") or not re.match(r"\w", context.after):
        return None
    remedy = 'write \\"' if context.before[-1] == '"' else 'put the text in "…"'
    return f"a quote inside of text ends it there: {remedy}, and see that each text has both its quotes"


def _explain_list_item(context: _ErrorContext) -> str | None:
    """Judge one item of a list or table, and what parts it from the next."""
    if not context.reason.startswith(("Unclosed", "Invalid value")):
        return None
    left = re.search(r"(?:^|[\[,={])([^\[\],={}\"'#]*)$", context.before)
    right = re.match(r"[^\[\],={}\"'#]*", context.after)
    if left and right and (item := (left[1] + right[0]).strip()):
        return f"text needs quotes: write {_shown_literal(item)}"
    end = {"Unclosed a": "]", "Unclosed i": "}"}.get(context.reason[:10])
    return f"a comma or the closing {end} is missing before this" if end else None


def _explain_missing_equals(context: _ErrorContext) -> str | None:
    if not context.reason.startswith("Expected '='"):
        return None
    key, after = context.before.strip(), context.after
    if after[:1] not in (":", '"', "'", "") or not re.fullmatch(_KEY_PART, key):
        return f'behind the key {key} comes an equals sign; text over several lines stands in """…"""'
    value = after.lstrip(" :").strip()
    shown = value if value[:1] in ("'", '"') and len(value) <= _MAX_SHOWN else _shown_literal(value) if value else "…"
    return f"behind the key comes an equals sign: write {key} = {shown}"


def _explain_other(context: _ErrorContext) -> str | None:
    subject = f"{context.reason}|{context.after[:1]}"
    return next(
        (explanation for pattern, explanation in _OTHER_EXPLANATIONS.items() if re.match(pattern, subject)), None
    )


_OTHER_EXPLANATIONS = {
    r"Unescaped|Invalid hex|Escaped": "in \"…\" a backslash begins an escape: write \\\\, or put the text in '…'",
    r"Invalid initial character for a key part\|}": "no comma stands before the closing }: take it out",
    r"Invalid initial character for a key part\|$": (
        "a table in { } stands on one line: write it so, or begin one of its own, as [event.figures]"
    ),
    r"Expected newline": "nothing but a # comment may stand behind a value: write one key and its value on each line",
    r"Invalid statement": "this is no line of a store: write key = value, a [header], or # before a comment",
}


def _explain(reason: str, lines: list[str], line: int, column: int) -> str:
    """Say what is wrong at a place, in the words of the one who wrote it: as the first rule that knows it says."""
    context = _ErrorContext(reason, lines, line, column)
    rules = (
        _explain_merge_conflict,
        _explain_duplicate,
        _explain_value,
        _explain_lookalike,
        _explain_header_line,
        _explain_inner_quote,
        _explain_list_item,
        _explain_missing_equals,
        _explain_other,
    )
    return next(filter(None, (rule(context) for rule in rules)), reason[0].lower() + reason[1:])


def _explain_unquoted(key: str, value: str) -> str:
    """Say what is wrong with a value without quotes, None where it begins as a list does, and is none of dates."""
    value = _replace_lookalikes(value)
    # A quote that is there already, at the end, is one of the pair.
    text = value[:-1].rstrip() if value[-1] in "\"'" and value.count(value[-1]) == 1 else value
    path = [part.strip(" \t\"'") for part in key.split(".")]
    if path[-1] in _DATE_KEYS:
        error_text = _date_error_text(text)
        if not error_text:
            return f"a date that is no full day needs quotes: write {_shown_literal(text)}"
        return f"a date that is no full day needs quotes, and {error_text}"
    if text[0] == "[":
        return ""
    if path[-1] == "reported":
        return f"true and false are written small: write {_BOOLEAN_WORDS.get(text.lower(), 'true or false')}"
    if path[0] == "figures" and len(path) == 2 and (error_text := _quantity_error_text(text)):
        return f"a quantity needs quotes, and {error_text}"
    return f"text needs quotes: write {_shown_literal(text)}"


def _date_error_text(text: str) -> str:
    from autotimeline.dates import edtf
    from autotimeline.errors import DateError

    try:
        edtf.parse_date(text)
    except DateError as error:
        return str(error)
    return ""


def _quantity_error_text(text: str) -> str:
    from autotimeline.errors import QuantityError
    from autotimeline.quantities.parse import parse_quantity

    try:
        parse_quantity(text)
    except QuantityError as error:
        return str(error)
    return ""


def _shown_literal(text: str) -> str:
    """Return a text as TOML writes it, for a message."""
    if len(text) > _MAX_SHOWN:
        return '" before and behind it'
    if not re.search(r'["\\]', text):
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _explain_duplicate(context: _ErrorContext) -> str | None:
    """Say what is defined a second time on a line, and, where a header may have been lost, how to write it."""
    if context.reason.startswith("Duplicate"):
        return f"the key {context.reason.rpartition(' ')[2]} stands twice in this table: keep one of the two"
    if not context.reason.startswith("Cannot"):
        return None
    statement = _STATEMENT.match(context.line_text)
    lines_above = range(context.line - bool(statement), -1, -1)
    first = next((number for number in lines_above if _HEADER.fullmatch(context.lines[number])), 0)
    header = _HEADER.fullmatch(context.lines[first])
    path = header[2].strip() if header else ""
    if not statement and path == "event":
        return "each event begins with two brackets on either side: write [[event]]"
    kind = path.partition(".")[0]
    new_header = "[[event]]" if kind == "event" else f"[{kind}.ID]" if kind in _KINDS_WITH_ID else ""
    alternative = f"; or, if another {kind} begins there, write {new_header} above it" if new_header else ""
    if not statement:
        return f"[{path}] stands twice: merge the two{alternative}"
    key = statement["key"]
    if any(
        (earlier := _STATEMENT.match(line)) and earlier["key"] == key for line in context.lines[first : context.line]
    ):
        return f"{key} stands twice in this block: keep one of the two{alternative}"
    name = key.partition(".")[0].strip()
    return f"{name} is written both whole ({name} = …) and in parts ({name}.x = …): keep one way of the two"


def _explain_header(path: str) -> str:
    kind, _, id = path.partition(".")
    suggested_id = slugify(id)
    if kind == "event":
        correct = f"[event.{suggested_id}]" if suggested_id else "[[event]]"
    elif kind in _KINDS_WITH_ID:
        correct = f"[{kind}.{suggested_id or 'ID'}]"
    else:
        correct = f"[{kind}]" if kind in ("store", "snapshot", "alias") else "[[event]], [actor.ID] or [source.ID]"
    return f"this is no header: write {correct}"
