"""Explanations of TOML syntax errors, loaded only after an error.

`tomllib` reports its own grammar. The five most common mistakes get a message that names the mistake and its remedy:
missing quotes, an unclosed text or list, a duplicate key, a merge conflict, and a character that only looks right.
"""

import re
from unicodedata import category

from autotimeline.dates import edtf
from autotimeline.errors import DateError
from autotimeline.schema import ENTITY_KINDS
from autotimeline.store.toml_writer import format_value

# Closed strings and comments may contain brackets and quotes that mean nothing; `quote` is never closed.
_TOKEN = re.compile(
    r""""{3}(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}|'{3}(?:[^']++|''?(?!'))*+'{3,5}|"(?!"")(?:[^"\\\n]++|\\[^\n])*+\""""
    r"""|'(?!'')[^'\n]*+'|\#[^\n]*|(?P<quote>"{3}|'{3}|["'])|(?P<open>[\[{])|(?P<close>[\]}])""",
    re.DOTALL,
)
_KEY_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_STATEMENT = re.compile(rf"[ \t]*(?P<key>{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*+)[ \t]*=[ \t]*(?P<value>.*)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_HEADER = re.compile(r"[ \t]*\[+([^\[\]=]*)\]+[ \t]*(?:#.*)?")
_CONFLICT_MARKER = re.compile(r"(?:<{7,}|={7,}|>{7,})(?: |$)")
MERGE_CONFLICT = (
    "merge conflict; keep one side, or two new events with [[event]] above each, and remove the lines"
    " <<<<<<<, =======, and >>>>>>>"
)
"""The description of a line with a conflict marker."""
_DATE_KEYS = ("date", "period", "known", "published")
_BOOLEANS = ("true", "false")
_MAX_SHOWN = 60
_LOOKALIKES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", ("typographic quote", '"')),
    **dict.fromkeys("\u2018\u2019\u201a\u201b", ("typographic quote", "'")),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", ("dash", "-")),
    "\uff0c": ("wide comma", ","),
}


def explain_toml_error(message: str, text: str) -> tuple[str, int, bool]:
    """Return what is wrong with a text, its line (from 0), and whether the text only ends too early.

    `message` is that of the error of `tomllib`.
    """
    location = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: location.start()] if location else message
    if location and location[1]:
        line, column, at_end = int(location[1]) - 1, int(location[2]) - 1, False
    else:
        end = text.rstrip()
        line, column, at_end = end.count("\n"), len(end) - end.rfind("\n") - 1, bool(location)
    lines = [each.rstrip("\r") for each in text.split("\n")]
    statement = _STATEMENT.match(lines[line])
    if at_end and re.match("Unterminated|Unclosed|Expected [\"']'", reason):
        line, column = _find_unclosed(text)
        explanation = _explain_unclosed(lines[line][column:])
    elif re.match(r"(Illegal|Found invalid) character '\\[nr]'", reason):
        column = _find_unclosed(lines[line])[1]
        explanation = _explain_unclosed(lines[line][column:])
    elif re.match("Unclosed array|Invalid value", reason) and statement and statement.start("key") == column:
        # The next key is in the position of an item.
        line, column = _find_unclosed("\n".join(lines[:line]))
        explanation = _explain_unclosed(lines[line][column:])
    else:
        explanation = _explain_line(reason, lines, line, column)
    return f"{explanation} (column {column + 1})", line, at_end


def _find_unclosed(text: str) -> tuple[int, int]:
    """Return the line and column of the quote that is never closed, or else of the innermost such bracket."""
    positions = [0]
    for token in _TOKEN.finditer(text):
        if token["quote"] or token["open"]:
            positions.append(token.start())
            if token["quote"]:
                break
        elif token["close"] and len(positions) > 1:
            positions.pop()
    position = positions[-1]
    return text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1


def _explain_unclosed(opener: str) -> str:
    if opener[0] in "[{":
        name, end = ("list", "]") if opener[0] == "[" else ("table", "}")
        return f"unclosed {name}; end it with {end}"
    quote = opener[:3] if opener[:3] in ('"""', "'''") else opener[0]
    wrong = opener.rstrip()[-1]
    return f"unclosed text; end it with {quote}{f', not {wrong}' if 'quote' in _classify_lookalike(wrong)[0] else ''}"


def _explain_line(reason: str, lines: list[str], line: int, column: int) -> str:
    line_text = lines[line]
    if _CONFLICT_MARKER.match(line_text):
        return MERGE_CONFLICT
    if reason.startswith(("Cannot", "Duplicate")):
        return _explain_duplicate(reason, lines, line)
    explanation = "" if re.search("[Ee]scape|hex", reason) else _explain_value(line_text, column)
    return (
        explanation
        or _explain_lookalike(line_text[column : column + 1])
        or _explain_list_item(reason, line_text, column)
        or f"invalid TOML: {reason[0].lower()}{reason[1:]}"
    )


def _explain_value(line_text: str, column: int) -> str:
    """Return the remedy of a value without quotes, empty if it has them."""
    statement = _STATEMENT.match(line_text)
    if not statement or column < statement.start("value"):
        return ""
    value = "".join(_classify_lookalike(character)[1] for character in _COMMENT.sub("", statement["value"])).strip()
    is_date = statement["key"].rpartition(".")[2].strip(" \t\"'") in _DATE_KEYS
    if not value:
        return "missing value; write one, or remove the line"
    if value[0] in "'\"{=" or (value[0] == "[" and not is_date):
        return ""
    if value.lower() in _BOOLEANS:
        return f"true and false are lower case; write {value.lower()}"
    # A single quote character at the end is half of the pair.
    text = value[:-1].rstrip() if value[-1] in "\"'" and value.count(value[-1]) == 1 else value
    try:
        if is_date:
            edtf.parse_date(text)
    except DateError as error:
        return f"missing quotes, and {error}"
    return _missing_quotes(text)


def _missing_quotes(text: str) -> str:
    remedy = f"write {format_value(text)}" if len(text) <= _MAX_SHOWN else 'put the text in "…"'
    return f"missing quotes; {remedy}"


def _explain_list_item(reason: str, line_text: str, column: int) -> str:
    if not reason.startswith(("Unclosed", "Invalid value")):
        return ""
    left = re.search(r"(?:^|[\[,={])([^\[\],={}\"'#]*)$", line_text[:column])
    right = re.match(r"[^\[\],={}\"'#]*", line_text[column:])
    item = (left[1] + right[0]).strip() if left and right else ""
    return _missing_quotes(item) if item else ""


def _classify_lookalike(character: str) -> tuple[str, str]:
    """Return the kind of character and its replacement; an empty kind and the character itself if it is ordinary."""
    if character.isascii() or character in _LOOKALIKES:
        return _LOOKALIKES.get(character, ("", character))
    unseen = {"Zs": ("special space", " "), "Cf": ("invisible character", "")}
    return unseen.get(category(character), ("", character))


def _explain_lookalike(character: str) -> str:
    kind, replacement = _classify_lookalike(character)
    if not kind:
        return ""
    remedy = {"": "remove it", " ": "write a plain space"}.get(replacement, f"write {replacement}")
    shown = f"{character} " if replacement.strip() else ""
    return f"unexpected {kind} {shown}(U+{ord(character):04X}); {remedy}"


def _explain_duplicate(reason: str, lines: list[str], line: int) -> str:
    """Return which key or table is a duplicate, and how to start a block if its header may be missing."""
    headers = (_HEADER.fullmatch(lines[number]) for number in range(line, -1, -1))
    header = next(filter(None, headers), None)
    path = header[1].strip() if header else ""
    kind = path.partition(".")[0]
    start = "[[event]]" if kind == "event" else f"[{kind}.ID]" if kind in ENTITY_KINDS else ""
    alternative = f", or start the next {kind} with {start}" if start else ""
    if reason.startswith("Duplicate"):
        return f"duplicate key {reason.rpartition(' ')[2]}; remove one"
    if statement := _STATEMENT.match(lines[line]):
        return f'duplicate key "{statement["key"]}"; remove one{alternative}'
    return f"duplicate table [{path}]; merge the two{alternative}"
