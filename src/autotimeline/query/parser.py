"""The words of a query, as a tree.

    query = or ; or = and ("or" and)* ; and = not+ ; not = "not" not | "(" or ")" | term

A term is one word: `field:value`, `:alias`, or a word alone. The shell makes the words, or, in a
string, white space does, and `"…"` groups.
"""

from __future__ import annotations

from autotimeline.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DEEPEST = 20
"""How deep parentheses may stand in each other."""
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
        return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' if spaced else word


class Not:
    """What is not so."""

    __slots__ = ("part",)

    def __init__(self, part: Node) -> None:
        self.part = part

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, And | Or) else f"not {self.part}"


class And:
    """All of the parts; without parts, everything."""

    __slots__ = ("parts",)
    word = " "

    def __init__(self, parts: Sequence[Node]) -> None:
        self.parts = list(parts)

    def __str__(self) -> str:
        return self.word.join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


class Or(And):
    """Any of the parts."""

    __slots__ = ()
    word = " or "


if TYPE_CHECKING:
    Node = Term | Not | And | Or


def parse(words: Sequence[str] | str) -> Node:
    """Return the tree of a query, of words as the shell made them or of one string.

    Raises:
        UsageError: where parentheses or quotes do not match, or an operator lacks what it joins.
    """
    reader = _Reader(_lexed(words) if isinstance(words, str) else _split(words))
    node = reader.either()
    if reader.here:
        raise UsageError('")" without "("')
    return node


def term(word: str) -> Term:
    """Return the term of one word."""
    if word.startswith(":"):
        return Term(":", word[1:])
    at = next((at for at, c in enumerate(word) if not (c.isalnum() or c in "_-")), len(word))
    field, rest = word[:at], word[at:].lstrip(" ")
    if word.startswith("!") and len(word) > 1:
        raise UsageError(f'"{word}": write not {word[1:]}')
    if field[:1].isalpha() and field.isascii():
        if word[at:].startswith(":"):
            return Term(field.lower(), rest[1:])
        if rest.startswith("!="):
            raise UsageError(f'"{word}": write not {field}:{rest[2:].strip()}')
        for sign, form in _COMPARISONS.items():
            if rest.startswith(sign) and rest != sign:
                return Term(field.lower(), form.format(rest[len(sign) :].strip()))
    return Term("", word)


# A token is a Term, or one of the strings "(", ")", "and", "or", "not".
def _split(words: Sequence[str]) -> Iterator[Term | str]:
    for word in words:
        bare = word.strip()
        if not bare:
            raise UsageError("an empty word is no query; leave it out")
        if bare.lower() in _OPERATORS or bare in ("(", ")"):
            yield bare.lower()
        elif _several(bare):
            yield from _lexed(bare)
        else:
            yield term(bare)


def _several(word: str) -> bool:
    """Whether a word of the shell is to be read as a string: it groups by parentheses, or quotes its value."""
    head, quote, rest = word.partition('"')
    quoted = bool(quote) and head[-1:] in ("", ":") and rest.find('"') == len(rest) - 1
    return quoted or word.lower().startswith(("(", "not (")) or word.count(")") > word.count("(")


def _lexed(text: str) -> Iterator[Term | str]:
    word, quoted = "", False
    letters = iter(text + " ")
    for c in letters:
        if c == '"':
            word, quoted = word + _quoted(letters, text), True
        elif c.isspace() or c in "()":
            if quoted and not word:
                raise UsageError("an empty word is no query; leave it out")
            if word:
                yield word.lower() if not quoted and word.lower() in _OPERATORS else term(word)
            word, quoted = "", False
            if c in "()":
                yield c
        else:
            word += c


def _quoted(letters: Iterator[str], text: str) -> str:
    found = ""
    for c in letters:
        if c == '"':
            return found
        if c == "\\":
            following = next(letters, "")
            c = following if following in ('"', "\\") else c + following
        found += c
    raise UsageError(f"a quote is not closed in: {text}")


class _Reader:
    """Reads tokens from the left; `here` is the token to be read, empty behind the last."""

    def __init__(self, tokens: Iterable[Term | str]) -> None:
        self.tokens = [*tokens, ""]
        self.at = 0
        self.depth = 0

    @property
    def here(self) -> Term | str:
        return self.tokens[self.at]

    def take(self, token: str) -> bool:
        found = self.here == token
        self.at += found
        return found

    def either(self) -> Node:
        parts = [self.every()]
        while self.take("or"):
            parts.append(self.every())
        if len(parts) == 1:
            return parts[0]
        if any(_empty(part) for part in parts):
            raise _lacking("or", "a term on both sides")
        return Or(parts)

    def every(self) -> Node:
        parts: list[Node] = []
        while self.here not in ("or", ")", ""):
            if self.take("and") and not (parts and self.more()):
                raise _lacking("and", "a term on both sides")
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(parts)

    def one(self) -> Node:
        negated = False
        while self.take("not"):
            negated = not negated
            if not self.more():
                raise _lacking("not", "a term behind it")
        part = self.here
        self.at += 1
        node = self.group() if isinstance(part, str) else part
        return Not(node) if negated else node

    def group(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_deep()
        node = self.either()
        if not self.take(")"):
            raise UsageError('"(" without ")"')
        if _empty(node):
            raise UsageError('"()" holds nothing')
        self.depth -= 1
        return node

    def more(self) -> bool:
        return self.here not in ("and", "or", ")", "")


def _lacking(operator: str, what: str) -> UsageError:
    return UsageError(f'"{operator}" needs {what}; search the word itself with text:{operator}')


def too_deep() -> UsageError:
    """Return the refusal of a query that would overflow the stack of whoever reads it: this parser, and SQLite's."""
    return UsageError("the query is nested too deep; write it with fewer parentheses and aliases within each other")


def _empty(node: Node) -> bool:
    return isinstance(node, And) and not node.parts


def values(text: str, *, numbers: bool = False) -> list[str]:
    """Return the values of a term: a comma is any-of, but not inside `[…]` or before a space.

    With `numbers`, a comma between digit groups (`68,000`) belongs to its number.
    """
    found, depth = [""], 0
    for at, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        after = text[at + 1 : at + 5]
        three = len(after) > 2 and after[:3].isdigit() and not after[3:].isdigit()
        group = numbers and three and found[-1][-1:].isdigit()
        if c == "," and depth <= 0 and not after[:1].isspace() and not group:
            found.append("")
        else:
            found[-1] += c
    return [value for value in found if value]
