"""The words of a query, as a tree.

    query = or ; or = and ("or" and)* ; and = not+ ; not = "not" not | "(" or ")" | term

A term is one word: `field:value`, `:alias`, or a word alone. The shell makes the words, or, in a
string, white space does, and `"…"` groups.
"""

from __future__ import annotations

from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPERATORS = ("and", "or", "not")
_COMPARISONS = {">=": "{}..", "<=": "..{}", ">": ">{}", "<": "<{}", "=": "{}"}


class Term:
    """One word: its field (empty for a bare word, `:` for an alias) and its value."""

    __slots__ = ("field", "value")

    def __init__(self, field: str, value: str) -> None:
        self.field = field
        self.value = value

    def __str__(self) -> str:
        word = f"{self.field}:{self.value}" if self.field not in ("", ":") else self.field + self.value
        spaced = any(c.isspace() or c in '()"' for c in word) or word.lower() in _OPERATORS
        return '"' + word.replace('"', '\\"') + '"' if spaced else word


class Not:
    """What is not so."""

    __slots__ = ("part",)

    def __init__(self, part: Term | Not | And | Or) -> None:
        self.part = part

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, And | Or) else f"not {self.part}"


class And:
    """All of the parts; without parts, everything."""

    __slots__ = ("parts",)
    word = " "

    def __init__(self, parts: Sequence[Term | Not | And | Or]) -> None:
        self.parts = list(parts)

    def __str__(self) -> str:
        return self.word.join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


class Or(And):
    """Any of the parts."""

    __slots__ = ()
    word = " or "


def parse(words: Sequence[str] | str) -> Term | Not | And | Or:
    """Return the tree of a query, of words as the shell made them or of one string.

    Raises:
        UsageError: where parentheses or quotes do not match, or an operator lacks what it joins.
    """
    tokens = list(_lexed(words) if isinstance(words, str) else _split(words))
    node, rest = _any(tokens)
    if rest:
        raise UsageError('")" without "("')
    return node


def term(word: str) -> Term:
    """Return the term of one word."""
    if word.startswith(":"):
        return Term(":", word[1:])
    at = next((at for at, c in enumerate(word) if not (c.isalnum() or c in "_-")), len(word))
    field, rest = word[:at], word[at:]
    if field[:1].isalpha() and field.isascii():
        if rest.startswith(":"):
            return Term(field.lower(), rest[1:])
        for sign, form in _COMPARISONS.items():
            if rest.startswith(sign) and rest != sign:
                return Term(field.lower(), form.format(rest[len(sign) :].strip()))
    return Term("", word)


# A token is a Term, or one of the strings "(", ")", "and", "or", "not".
def _split(words: Sequence[str]) -> Iterator[Term | str]:
    for word in words:
        bare = word.strip()
        if not bare:
            raise UsageError("an empty word is no query; leave it away")
        if bare.lower() in _OPERATORS or bare in ("(", ")"):
            yield bare.lower()
        elif bare.startswith("(") or bare.count(")") > bare.count("("):
            yield from _lexed(bare)
        else:
            yield term(word)


def _lexed(text: str) -> Iterator[Term | str]:
    word, quoted, inside = "", False, False
    for at, c in enumerate(text + " "):
        if inside:
            if c == '"' and not word.endswith("\\"):
                inside = False
            elif at == len(text):
                raise UsageError(f"a quote is not closed in: {text}")
            else:
                word = word[:-1] + c if c == '"' else word + c
        elif c == '"':
            quoted = inside = True
        elif c.isspace() or c in "()":
            if quoted or word:
                yield word.lower() if not quoted and word.lower() in _OPERATORS else term(word)
            word, quoted = "", False
            if c in "()":
                yield c
        else:
            word += c


def _any(tokens: list[Term | str]) -> tuple[Term | Not | And | Or, list[Term | str]]:
    parts = []
    while True:
        part, tokens = _all(tokens)
        parts.append(part)
        if not tokens or tokens[0] != "or":
            return (parts[0] if len(parts) == 1 else Or(parts)), tokens
        tokens = tokens[1:]
        if not tokens or not parts[-1:] or _empty(parts[-1]):
            raise UsageError('"or" needs a term on both sides; search the word itself with text:or')


def _all(tokens: list[Term | str]) -> tuple[Term | Not | And | Or, list[Term | str]]:
    parts: list[Term | Not | And | Or] = []
    while tokens and tokens[0] not in ("or", ")"):
        if tokens[0] == "and":
            if not parts or len(tokens) == 1 or tokens[1] in ("and", "or", ")"):
                raise UsageError('"and" needs a term on both sides; search the word itself with text:and')
            tokens = tokens[1:]
        part, tokens = _one(tokens)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else And(parts)), tokens


def _one(tokens: list[Term | str]) -> tuple[Term | Not | And | Or, list[Term | str]]:
    first, rest = tokens[0], tokens[1:]
    if isinstance(first, Term):
        return first, rest
    if first == "not":
        if not rest or rest[0] in ("and", "or", ")"):
            raise UsageError('"not" needs a term behind it; search the word itself with text:not')
        part, rest = _one(rest)
        return Not(part), rest
    part, rest = _any(rest)
    if not rest:
        raise UsageError('"(" without ")"')
    if _empty(part):
        raise UsageError('"()" holds nothing')
    return part, rest[1:]


def _empty(node: Term | Not | And | Or) -> bool:
    return isinstance(node, And) and not node.parts


def values(text: str, *, numbers: bool = False) -> list[str]:
    """Return the values of a term: a comma is any-of, but not inside `[…]`, `"…"` or before a space.

    With `numbers`, a comma between digit groups (`68,000`) belongs to its number.
    """
    found, depth = [""], 0
    for at, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        after = text[at + 1 : at + 5]
        group = numbers and after[:3].isdigit() and not after[3:].isdigit() and found[-1][-1:].isdigit()
        if c == "," and depth <= 0 and not after[:1].isspace() and after and not group:
            found.append("")
        else:
            found[-1] += c
    return [value for value in found if value]
