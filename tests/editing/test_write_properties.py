"""What holds for any change of any store, however it is written by hand."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
MANY = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ENDS = ("\n", "\r\n")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda text: text.strip())
PLAIN = st.text("abc é零\"'\\#=[]{}", min_size=1, max_size=10).filter(lambda text: text.strip())
WORDS = st.sampled_from(["sea", "ship", "war"])


@st.composite
def comments(draw, some=2) -> str:
    """Some lines that say nothing: blank ones, and comments with what could be taken for something else."""
    lines = draw(
        st.lists(st.sampled_from(["", "# a", '# """', "# '''", "  # [[event]]", '#id = "x"', "\t"]), max_size=some)
    )
    return "".join(f"{line}\n" for line in lines)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def many_lines(text: str) -> str:
    return '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""'


@st.composite
def items(draw, value: str) -> str:
    """A list of one text or more, on one line or several."""
    parts = [quoted(value), *(quoted(word) for word in draw(st.lists(WORDS, max_size=2, unique=True)) if word != value)]
    if draw(st.booleans()):
        return "[" + draw(st.sampled_from([", ", ",", " ,  "])).join(parts) + draw(st.sampled_from(["]", ",]", " ]"]))
    lines = ",\n".join(f"  {part}" for part in parts)
    return f"[  # list\n{lines}, # last\n  # none\n]"


@st.composite
def events(draw, id: str, cast: tuple[str, ...]) -> str:
    """The text of an event, from its header to its last key."""
    keys: list[tuple[str, str]] = [("title", draw(PLAIN.map(quoted)))]
    some = draw(st.sets(st.sampled_from(["date", "kind", "tags", "note", "figure", "figures", "actors", "links"])))
    if "date" in some:
        keys.append(("date", draw(st.sampled_from(['"2023-01"', "2023-01-05", "2020", "'2021~'"]))))
    if "kind" in some:
        keys.append(("kind", draw(st.sampled_from(['"x"', "'y'", '"""z"""']))))
    if "tags" in some:
        keys.append(("tags", draw(items("sea"))))
    if "note" in some:
        note = draw(st.sampled_from(["one", "[[event]]\nid = 'z'\n", "a\n# no comment", "# end\n\n#", "\n\n"]))
        keys.append(("note", many_lines(f"{note}.")))
    if "figure" in some:
        keys += [
            ("figures.loss.value", '"2 EUR"'),
            ("figures.loss.of", quoted(cast[0])),
            ("figures.loss.holder", quoted(cast[-1])),
        ]
    elif "figures" in some:
        keys.append(("figures", draw(st.sampled_from(['{ loss = "2 EUR" }', "{loss={value='2 EUR'}}"]))))
    if "actors" in some:
        roles = [f"[{', '.join(map(quoted, cast))}]", f"{{ by = {quoted(cast[-1])} }}"]
        keys.append(("actors", draw(st.sampled_from(roles))))
    keys = [("id", quoted(id)), *draw(st.permutations(keys))]
    wide = draw(st.booleans())
    lines = [draw(st.sampled_from(["[[event]]", "[[ event ]]", "[[event]]  # it"]))]
    for key, value in keys:
        equals = draw(st.sampled_from([" = ", "=", " =\t"])) if not wide else " " * max(1, 8 - len(key)) + "= "
        lines.append(draw(comments(1)) + key + equals + value + draw(st.sampled_from(["", "", " # c", '\t#"'])))
    if "links" in some:
        lines.append(
            draw(comments()) + "[event.links]\nrelated = " + draw(st.sampled_from([quoted(id), f"[{quoted(id)}]"]))
        )
    return "\n".join(lines) + "\n"


def ended(draw, text: str) -> str:
    """The text with line ends of its own; inside strings too, where TOML reads all as one."""
    how = draw(st.sampled_from(["lf", "lf", "crlf", "mixed"]))
    if how == "lf":
        return text
    lines = text.split("\n")
    ends = [ENDS[1] if how == "crlf" else draw(st.sampled_from(ENDS)) for _ in lines[1:]]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


@st.composite
def stores(draw, names: tuple[str, ...] = ("argo", "nao")) -> tuple[str, list[str], int]:
    """A store, the pieces of which it is made (comments and blocks in turn, with line ends), and how many events."""
    count = draw(st.integers(1, 3))
    pieces = [draw(comments(3))]
    for name in names:
        pieces += [f'[actor.{name}]\nname = "The {name}"\n', draw(comments())]
    for number in range(count):
        pieces += [draw(events(f"e{number}", names)), draw(comments(3))]
    if draw(st.booleans()):
        pieces += [f'[alias]\nmine = "actor:{names[0]} or is:planned"\n', draw(comments(1))]
    pieces = [ended(draw, piece) for piece in pieces]
    if draw(st.booleans()) and not pieces[-1]:
        pieces[-2] = pieces[-2].rstrip("\r\n")
    if draw(st.integers(0, 3)) == 0:
        pieces[0] = "\ufeff" + pieces[0]
    return "".join(pieces), pieces, count


def read(data: bytes) -> dict:
    return tomllib.loads(data.decode("utf-8-sig"))


def alike(one: bytes, other: bytes) -> int:
    """Return how many bytes are the same from the beginning on."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def undone(path, data: bytes) -> None:
    assert ask("-f", path, "undo") == (0, "", "")
    assert path.read_bytes() == data


@st.composite
def assignments(draw) -> tuple[str, str, str]:
    """A field, what is done to it, and a value."""
    return draw(
        st.one_of(
            st.tuples(st.sampled_from(["title", "kind", "note"]), st.just("="), TEXTS),
            st.tuples(st.sampled_from(["kind", "note", "date", "tags"]), st.just("="), st.just("")),
            st.tuples(st.just("tags"), st.just("+="), WORDS),
            st.tuples(st.just("tags"), st.just("="), WORDS),
            st.tuples(
                st.just("date"), st.just("="), st.sampled_from(["2024", "2024-05", "~2023-10", "by 2026", "Nov 2025"])
            ),
            st.tuples(st.just("figures.loss"), st.just("="), st.sampled_from(["~3M EUR", ""])),
            st.tuples(st.just("figures.gain"), st.just("="), st.just("1 USD")),
            st.tuples(st.just("links.related"), st.just("+="), st.just("e0")),
        )
    )


def meant(event: dict, field: str, does: str, value: str) -> dict:
    """What an event says after an assignment, said a second time in another way."""
    event = dict(event)
    value = value.strip()
    key, _, part = field.partition(".")
    if key == "tags" and value:
        event["tags"] = (
            [*event.get("tags", []), *([] if value in event.get("tags", []) else [value])] if does == "+=" else [value]
        )
    elif key == "links":
        links = event.get("links", {}).get("related", [])
        links = [links] if isinstance(links, str) else links
        old = event.get("links", {}).get("related")
        event["links"] = {
            "related": old if value in links and old is not None else [*links, *([] if value in links else [value])]
        }
    elif key == "figures":
        figures = dict(event.get("figures", {}))
        now = figures.pop(part, None)
        if value:
            figures[part] = {**now, "value": value} if isinstance(now, dict) else value
        event["figures"] = figures
        if not figures:
            del event["figures"]
    elif not value:
        event.pop(key, None)
    else:
        # A date in words is written in its canonical form, and its words are kept.
        is_in_words = key == "date" and value == "Nov 2025"
        event[key] = "2025-11" if is_in_words else value
        if is_in_words:
            event.setdefault("printed", value)
    return event


@MANY
@given(stores(), st.data(), assignments())
def test_a_change_of_a_block_changes_that_block(tmp_path, made, data, assignment):
    text, pieces, count = made
    field, does, value = assignment
    number = data.draw(st.integers(0, count - 1))
    path = tmp_path / "facts.toml"
    before = text.encode()
    path.write_bytes(before)
    assert ask("-f", path, "list")[0] == 0
    assert ask("-f", path, "set", f"e{number}", f"{field}{does}{value}") == (0, "", "")
    after = path.read_bytes()
    # What it says is what was meant.
    expected = read(before)
    expected["event"][number] = meant(expected["event"][number], field, does, value)
    assert read(after) == expected
    # Every byte before and behind the block is what it was.
    at = next(n for n, piece in enumerate(pieces) if "event" in piece and f'"e{number}"' in piece.split("title")[0])
    ahead, behind = "".join(pieces[:at]).encode(), "".join(pieces[at + 1 :]).encode()
    assert after.startswith(ahead)
    assert after.endswith(behind)
    # And a comment inside it that does not stand behind what is gone.
    if field in ("title", "kind", "note") and value:
        mine = after[len(ahead) : len(after) - len(behind)].decode()
        for comment in ("# it", "# list", "# last", "# none"):
            assert mine.count(comment) == pieces[at].count(comment)
    if after != before:
        undone(path, before)


@MANY
@given(
    stores(),
    st.sampled_from(
        [["A ship"], ["actor:mia", "name=Mia"], ["source:log", "title=Log"], ["era:old", "name=O", "period=../1900"]]
    ),
)
def test_what_is_added_only_adds(tmp_path, made, words):
    text, _, _count = made
    path = tmp_path / "facts.toml"
    before = text.encode()
    path.write_bytes(before)
    code, _, err = ask("-f", path, "add", *words, "--force")
    assert code == 0, err
    after = path.read_bytes()
    head = alike(before, after)
    tail = alike(before[head:][::-1], after[head:][::-1])
    assert head + tail == len(before)
    known, now = read(before), read(after)
    if words == ["A ship"]:
        assert now.pop("event") == [*known.pop("event"), {"id": "a-ship", "title": "A ship"}]
    else:
        kind, _, id = words[0].partition(":")
        assert set(now[kind].pop(id)) == {word.partition("=")[0] for word in words[1:]}
        now = {key: value for key, value in now.items() if value}
    assert now == known
    assert read(after) is not None
    assert ask("-f", path, "list")[0] == 0
    undone(path, before)


@MANY
@given(st.data())
def test_what_is_renamed_is_as_if_it_had_been_called_so(tmp_path, data):
    seeds = data.draw(stores(("aaaa", "nao")))
    text = seeds[0]
    path = tmp_path / "facts.toml"
    before = text.encode()
    path.write_bytes(before)
    assert ask("-f", path, "rename", "aaaa", "bb") == (0, "", "")
    after = path.read_bytes()
    assert b"aaaa" not in after.replace(b"The aaaa", b"")
    wanted = text.replace("aaaa", "bb").replace("The bb", "The aaaa")
    assert read(after) == read(wanted.encode())
    if data.draw(st.booleans()):
        undone(path, before)
    else:
        assert ask("-f", path, "rename", "bb", "aaaa") == (0, "", "")
        assert path.read_bytes() == before


@MANY
@given(stores(), st.sampled_from(["argo", "nao", "e0"]))
def test_what_is_removed_leaves_a_store(tmp_path, made, id):
    text, _, _count = made
    path = tmp_path / "facts.toml"
    before = text.encode()
    path.write_bytes(before)
    code, _, err = ask("-f", path, "remove", id, "--force")
    if code:
        # What hangs on it more than in a list.
        assert code == 4
        assert "figures.loss" in err
        assert path.read_bytes() == before
        return
    after = path.read_bytes()
    assert ask("-f", path, "list")[0] == 0
    known, now = read(before), read(after)
    ids = [event["id"] for event in now.get("event", [])]
    assert ids == [event["id"] for event in known["event"] if event["id"] != id]
    assert set(now.get("actor", {})) == set(known["actor"]) - {id}
    if id != "e0":
        lines = before.removeprefix(b"\xef\xbb\xbf").splitlines()
        come = [line for line in after.removeprefix(b"\xef\xbb\xbf").splitlines() if line not in lines]
        assert all(b"actors" in line for line in come)
    undone(path, before)
