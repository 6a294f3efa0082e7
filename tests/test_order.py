"""The order of events: by the date as written, then the wider first, then as in the files."""

import json
import re
from calendar import monthrange

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
YEARS = st.integers(2022, 2026)
POINTS = st.one_of(
    YEARS.map(str),
    st.builds("{}H{}".format, YEARS, st.integers(1, 2)),
    st.builds("{}Q{}".format, YEARS, st.integers(1, 4)),
    st.builds("{}-{:02}".format, YEARS, st.integers(1, 12)),
    st.builds("{}-{:02}-{:02}".format, YEARS, st.sampled_from([1, 12]), st.sampled_from([1, 31])),
)
MARKED = st.builds("{}{}".format, POINTS, st.sampled_from(["", "", "~", "?", "%"]))
OPEN = ("..{}", "{}..", "/{}", "{}/", "../{}", "{}/..")
DATES = st.one_of(
    MARKED,
    st.builds(lambda template, point: template.format(point), st.sampled_from(OPEN[2:]), MARKED),
    st.builds(lambda template, point: f"[{template.format(point)}]", st.sampled_from(OPEN[:2]), MARKED),
    st.tuples(POINTS, POINTS).filter(lambda pair: last_day(pair[1]) >= first_day(pair[0])).map("/".join),
)
EVENT = st.fixed_dictionaries(
    {"status": st.sampled_from(["happened", "planned"]), "known": st.none() | POINTS},
    optional={"date": DATES, "period": DATES},
).filter(lambda event: not {"date", "period"} <= event.keys())
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def first_day(point: str) -> tuple[int, int, int]:
    year, part = int(point[:4]), point[4:].rstrip("~?%")
    if part[:1] == "H":
        return year, 6 * int(part[1]) - 5, 1
    if part[:1] == "Q":
        return year, 3 * int(part[1]) - 2, 1
    month, _, day = part[1:].partition("-")
    return year, int(month or 1), int(day or 1)


def last_day(point: str) -> tuple[int, int, int]:
    year, part = int(point[:4]), point[4:].rstrip("~?%")
    if part.count("-") == 2:
        return first_day(point)
    months = int(re.sub(r"\D", "", part) or 12)
    month = months * {"H": 6, "Q": 3}.get(part[:1], 1)
    return year, month, monthrange(year, month)[1]


NEVER = (10_000, 0, 0)


def written(event: dict) -> tuple:
    """The key of the design, worked out from the text alone."""
    text = event.get("date") or event.get("period")
    if text is None:
        return NEVER, ()
    left, right = (re.split(r"/|\.\.", text.strip("[]"), maxsplit=1) * 2)[:2] if "/" not in text else text.split("/")
    if "/" in text or ".." in text:
        left, right = left.strip("."), right.strip(".")
    if not left:
        end = last_day(right)
        return end, tuple(-part for part in end)
    end = last_day(right) if right else NEVER
    return first_day(left), tuple(-part for part in end)


def store(path, events: list[dict]) -> str:
    lines = []
    for event in events:
        keys = {"title": "t", **{key: value for key, value in event.items() if value is not None}}
        lines += ["[[event]]", *(f'{key} = "{value}"' for key, value in keys.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def listed(path: str, *arguments: str) -> list[str]:
    code, out, _ = ask("-f", path, *arguments, "-O", "plain", "--fields", "id")
    assert code == 0
    return out.split()


@given(st.lists(EVENT, max_size=12), st.permutations([f"e{n:02}" for n in range(12)]))
@UNHURRIED
def test_the_order_is_total_and_that_of_the_written_values(tmp_path_factory, found, ids):
    path = tmp_path_factory.mktemp("order") / "facts.toml"
    events = [{"id": id, **event} for id, event in zip(ids, found, strict=False)]
    # sorted is stable: equal dates keep the order of the file.
    expected = [event["id"] for event in sorted(events, key=written)]
    name = store(path, events)
    for command in ("list", "timeline"):
        assert listed(name, command) == expected
    dated = [event["id"] for event in sorted(events, key=written) if "date" in event or "period" in event]
    undated = [id for id in expected if id not in dated]
    assert listed(name, "list", "-r") == dated[::-1] + undated[::-1]
    # What is known of a plan does not move it.
    assert listed(store(path, [{**event, "known": None} for event in events]), "list") == expected
    assert listed(store(path, [{**event, "known": "2024"} for event in events]), "list", "--no-cache") == expected


@given(st.lists(st.permutations("abcdef"), min_size=2, max_size=4))
@UNHURRIED
def test_after_an_edit_equal_dates_still_follow_the_files(tmp_path_factory, orders):
    path = tmp_path_factory.mktemp("order") / "facts.toml"
    for order in orders:
        name = store(path, [{"id": id, "date": "2024-01"} for id in order])
        assert listed(name, "list") == list(order) == listed(name, "list", "--no-cache")


def test_of_several_files_the_first_comes_first(tmp_path):
    first = store(tmp_path / "b.toml", [{"id": "z", "date": "2024-01"}, {"id": "y", "date": "2024-01"}])
    second = store(tmp_path / "a.toml", [{"id": "a", "date": "2024-01"}])
    assert listed(first, "-f", second, "list") == ["z", "y", "a"]
    assert listed(second, "-f", first, "list") == ["a", "z", "y"]


def test_a_large_file_keeps_its_order_through_edits(tmp_path):
    """Chunks are added, split, moved, and removed; equal dates still follow the file."""
    path, ids = tmp_path / "facts.toml", [f"e{n:04}" for n in range(3000)]
    blocks = {id: f'[[event]]\nid = "{id}"\ndate = "2024"\ntitle = "{id * 30}"\n' for id in [*ids, "new"]}
    for order in (ids, [*ids[:1500], "new", *ids[1500:]], ids[2000:] + ids[:2000], ids[:700] + ids[1400:]):
        path.write_text("".join(blocks[id] for id in order))
        assert listed(str(path), "list") == order


@pytest.mark.parametrize("arguments", [("list",), ("chart", "--by", "kind"), ("figures",)])
def test_events_of_one_line_follow_their_ids(tmp_path, arguments):
    path = tmp_path / "facts.toml"
    path.write_text('event = [{ id = "b", title = "t", date = 2024 }, { id = "a", title = "t", date = 2024 }]\n')
    field = "event" if arguments[0] == "figures" else "id"
    _, out, _ = ask("-f", str(path), *arguments, "-O", "plain", "--fields", field)
    assert out.split() == ([] if field == "event" else ["a", "b"])


def test_a_chart_and_a_comparison_have_the_same_order(tmp_path):
    events = [{"id": "c", "date": "2024"}, {"id": "b", "date": "2024"}, {"id": "a", "date": "~2024"}]
    name = store(tmp_path / "facts.toml", [*events, {"id": "d", "date": "2023-12"}])
    assert listed(name, "chart") == ["d", "c", "b", "a"]
    _, out, _ = ask("-f", name, "compare", "2023,2024", "id:a,b", "-O", "json", "--fields", "section,what,side")
    rows = [row["what"] for row in json.loads(out) if row["section"] == "event" and row["side"] == 1]
    assert rows == ["d", "c", "b", "a"]


def test_years_are_those_of_the_order(tmp_path):
    dates = ("2024-12", "~2025-01", "by 2026-12", "until 2017", "2026H2")
    name = store(
        tmp_path / "facts.toml",
        [{"id": f"e{n}", "date": date, "status": "planned", "known": "2025-10"} for n, date in enumerate(dates)],
    )
    _, out, _ = ask("-f", name, "timeline", "-O", "table", "--today", "2025-11-22")
    assert [line[:4] for line in out.splitlines() if line[:1].isdigit()] == ["2017", "2024", "2025", "2026"]
    assert listed(name, "list") == ["e3", "e0", "e1", "e4", "e2"]


def test_eras_are_counted_in_the_same_order(tmp_path):
    path = tmp_path / "facts.toml"
    eras = {"early": "2024-12", "about": "~2025-01", "until": "../2024-06"}
    path.write_text("".join(f'[era.{id}]\nname = "{id}"\nperiod = "{period}"\n' for id, period in eras.items())
                    + '[[event]]\nid = "e"\ntitle = "t"\nperiod = "2024/2025"\n')  # fmt: skip
    _, out, _ = ask("-f", str(path), "count", "--by", "era", "-O", "plain", "--fields", "era")
    assert out.split() == ["until", "early", "about"]
