"""Parser of the query language: from words to a tree.

    query = or ; or = and ("or" and)* ; and = not+ ; not = "not" not | "(" or ")" | term

A term is a word: `field:value`, `:alias`, or a word without a field. The words come from the shell, or from a string
that is split at white space, with `"…"` for grouping.
"""

from __future__ import annotations

from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_DEPTH = 20
"""The maximum depth of nested parentheses and aliases."""
_OPERATORS = ("and", "or", "not")
_COMPARISONS = {">=": "{}..", "<=": "..{}", ">": ">{}", "<": "<{}", "=": "{}"}
_DATE_COMPARISONS = {**_COMPARISONS, ">": "after-{}", "<": "before-{}"}
DATE_FIELDS = ("date", "known")
"""The fields of dates to compare with `<` and `>`; metrics are compared too."""


class Term:
    """One word: its field (empty for a bare word, `:` for an alias), its value, and its `<`, `>`, `<=`, or `>=`."""

    __slots__ = ("field", "sign", "value")

    def __init__(self, field: str, value: str, sign: str = "") -> None:
        self.field, self.value, self.sign = field, value, sign

    def __str__(self) -> str:
        word = f"{self.field}:{self.value}" if self.field not in ("", ":") else self.field + self.value
        spaced = any(c.isspace() or c in '()"' for c in word) or word.lower() in _OPERATORS
        return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' if spaced else word


class Not:
    """The negation of a node."""

    __slots__ = ("operand",)

    def __init__(self, operand: Node) -> None:
        self.operand = operand

    def __str__(self) -> str:
        return f"not ({self.operand})" if isinstance(self.operand, And | Or) else f"not {self.operand}"


class And:
    """A node that matches if all operands match; without operands, it matches everything."""

    __slots__ = ("operands",)
    separator = " "

    def __init__(self, operands: Sequence[Node]) -> None:
        self.operands = list(operands)

    def __str__(self) -> str:
        return self.separator.join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.operands)


class Or(And):
    """A node that matches if any operand matches."""

    __slots__ = ()
    separator = " or "


if TYPE_CHECKING:
    Node = Term | Not | And | Or


def parse_query(arguments: Sequence[str] | str) -> Node:
    """Parse a query, given as the words of a shell or as one string.

    Raises:
        UsageError: If parentheses or quotes do not match, or an operator has no operand.
    """
    parser = _QueryParser(_tokenize(arguments) if isinstance(arguments, str) else _tokenize_arguments(arguments))
    node = parser.parse_or()
    if parser.current:
        raise UsageError('")" without "("')
    return node


def parse_term(word: str) -> Term:
    """Parse one word."""
    if word.startswith(":"):
        return Term(":", word[1:])
    if word.startswith("!") and len(word) > 1:
        raise UsageError(f'"{word}": write not {word[1:]}')
    end = next((index for index, c in enumerate(word) if c in ":<>=~!"), len(word))
    field, rest = word[:end].rstrip(" "), word[end:]
    if not field[:1].isalpha() or any(c.isspace() for c in field):
        return Term("", word)
    if rest.startswith(":") and len(field) == end:
        return Term(field.lower(), rest[1:])
    if rest.startswith("!="):
        raise UsageError(f'"{word}": write not {field}:{rest[2:].strip()}')
    if rest.startswith("~") and (value := rest.lstrip("~= "))[:1].isalnum():
        raise UsageError(f'"{word}": ~ is not an operator; write {field}:{value}')
    comparisons = _DATE_COMPARISONS if field.lower() in DATE_FIELDS else _COMPARISONS
    for sign, template in comparisons.items():
        if rest.startswith(sign) and rest != sign:
            return Term(field.lower(), template.format(rest[len(sign) :].strip()), "" if sign == "=" else sign)
    return Term("", word)


# A token is a Term, or one of the strings "(", ")", "and", "or", "not".
def _tokenize_arguments(arguments: Sequence[str]) -> Iterator[Term | str]:
    for argument in arguments:
        stripped = argument.strip()
        if not stripped:
            raise UsageError("an empty word is no query; leave it out")
        if stripped.lower() in _OPERATORS or stripped in ("(", ")"):
            yield stripped.lower()
        elif _is_compound(stripped):
            yield from _tokenize(stripped)
        else:
            yield parse_term(stripped)


def _is_compound(argument: str) -> bool:
    """Return whether a word of the shell is parsed as a string: it contains parentheses, or quotes its value."""
    head, quote, rest = argument.partition('"')
    quoted = bool(quote) and head[-1:] in ("", ":") and rest.find('"') == len(rest) - 1
    return quoted or argument.lower().startswith(("(", "not (")) or argument.count(")") > argument.count("(")


def _tokenize(text: str) -> Iterator[Term | str]:
    word, is_quoted = "", False
    characters = iter(text + " ")
    for c in characters:
        if c == '"':
            word, is_quoted = word + _read_quoted(characters, text), True
        elif c.isspace() or c in "()":
            if is_quoted and not word:
                raise UsageError("an empty word is no query; leave it out")
            if word:
                yield word.lower() if not is_quoted and word.lower() in _OPERATORS else parse_term(word)
            word, is_quoted = "", False
            if c in "()":
                yield c
        else:
            word += c


def _read_quoted(characters: Iterator[str], text: str) -> str:
    value = ""
    for c in characters:
        if c == '"':
            return value
        if c == "\\":
            following = next(characters, "")
            c = following if following in ('"', "\\") else c + following
        value += c
    raise UsageError(f"a quote is not closed in: {text}")


class _QueryParser:
    """A recursive descent parser; `current` is the next token, empty after the last one."""

    def __init__(self, tokens: Iterable[Term | str]) -> None:
        self.tokens = [*tokens, ""]
        self.position = 0
        self.depth = 0

    @property
    def current(self) -> Term | str:
        return self.tokens[self.position]

    def accept(self, token: str) -> bool:
        matches = self.current == token
        self.position += matches
        return matches

    def parse_or(self) -> Node:
        operands = [self.parse_and()]
        while self.accept("or"):
            operands.append(self.parse_and())
        if len(operands) == 1:
            return operands[0]
        if any(map(_is_empty, operands)):
            raise _missing_operand("or", "a term on both sides")
        return Or(operands)

    def parse_and(self) -> Node:
        operands: list[Node] = []
        while self.current not in ("or", ")", ""):
            if self.accept("and") and not (operands and self.has_operand()):
                raise _missing_operand("and", "a term on both sides")
            operands.append(self.parse_not())
        return operands[0] if len(operands) == 1 else And(operands)

    def parse_not(self) -> Node:
        negated = False
        while self.accept("not"):
            negated = not negated
            if not self.has_operand():
                raise _missing_operand("not", "a term behind it")
        token = self.current
        self.position += 1
        node = self.parse_group() if isinstance(token, str) else token
        return Not(node) if negated else node

    def parse_group(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise depth_error()
        node = self.parse_or()
        if not self.accept(")"):
            raise UsageError('"(" without ")"')
        if _is_empty(node):
            raise UsageError('"()" holds nothing')
        self.depth -= 1
        return node

    def has_operand(self) -> bool:
        return self.current not in ("and", "or", ")", "")


def _missing_operand(operator: str, requirement: str) -> UsageError:
    return UsageError(f'"{operator}" needs {requirement}; search the word itself with text:{operator}')


def depth_error() -> UsageError:
    """Return the error of a query that would overflow the stack of this parser or of SQLite."""
    return UsageError("the query is nested too deep; write it with fewer parentheses and aliases within each other")


def _is_empty(node: Node) -> bool:
    return isinstance(node, And) and not node.operands


def split_values(text: str, *, numbers: bool = False) -> list[str]:
    """Split the value of a term at commas, but not inside `[…]` or before a space; `numbers` keeps `68,000` whole."""
    parts, depth = [""], 0
    for index, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        after = text[index + 1 : index + 5]
        has_three_digits = len(after) > 2 and after[:3].isdigit() and not after[3:].isdigit()
        is_digit_group = numbers and has_three_digits and parts[-1][-1:].isdigit()
        if c == "," and depth <= 0 and not after[:1].isspace() and not is_digit_group:
            parts.append("")
        else:
            parts[-1] += c
    return [value for value in parts if value]
