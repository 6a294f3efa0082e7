"""The time between linked events, and its median, against every possible day."""

from __future__ import annotations

from itertools import product
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from asking import ask
from autotimeline.api import Timeline
from autotimeline.dates.span import format_iso, ordinal
from autotimeline.reports.linked_gaps import linked_gaps, summarize_gaps

DAY = ordinal(2024, 2, 20)
DAYS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_pairs_and_their_median_equal_those_of_every_possible_day(tmp_path_factory, pairs):
    blocks = []
    for number, dates in enumerate(pairs):
        for name, (first, last) in zip("ab", dates, strict=True):
            date = f"[{format_iso(DAY + first)}..{format_iso(DAY + last)}]"
            link = f'links = {{ leads-to = ["b{number}"] }}\n' if name == "a" else ""
            blocks.append(f'[[event]]\nid = "{name}{number}"\ntitle = "E"\ndate = "{date}"\n{link}')
    path = tmp_path_factory.mktemp("pairs") / "facts.toml"
    path.write_text("".join(blocks), "utf-8")
    with Timeline([str(path)], cache=False) as story:
        found = list(linked_gaps(story.select(), "leads-to"))
        backward = list(linked_gaps(story.select(), "follows-from"))
    possible = [{end - start for start in range(a[0], a[1] + 1) for end in range(b[0], b[1] + 1)} for a, b in pairs]
    rows = {(gap.start, gap.end): (gap.low, gap.high) for gap in found}
    assert rows == {(f"a{n}", f"b{n}"): (min(days), max(days)) for n, days in enumerate(possible)}
    assert {(gap.end, gap.start): (-gap.high, -gap.low) for gap in backward} == rows
    # The extreme days decide, for a median or an extreme never falls if a number grows.
    cases = list(product(*({min(days), max(days)} for days in possible)))
    for summary, function in zip(summarize_gaps(found), (median, min, max), strict=True):
        values = [function(case) for case in cases]
        assert summary.low == min(values) // 1
        assert summary.high == -(-max(values) // 1)


STORE = """
[[event]]
id = "plan"
date = "2024-01-10"
title = "Announcement"
status = "planned"
kind = "plan"
[[event]]
id = "other-plan"
date = "2024-02"
title = "Another announcement"
status = "planned"
kind = "plan"
links = { fulfilled-by = ["undated"], same-deal = ["plan"] }
[[event]]
id = "start"
date = "2024-03-10"
title = "Start"
links = { fulfils = ["plan", "other-plan"] }
[[event]]
id = "undated"
title = "Undated"
"""


def test_the_command_shows_pairs_and_their_median(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE, "utf-8")
    store = ["-f", str(path), "--no-cache"]
    assert ask("elapsed", "fulfilled-by", "kind:plan", *store)[1] == (
        "pair\tplan\tstart\t2024-01-10\t2024-03-10\t60 days\t60\t60\tcertain\n"
        "pair\tother-plan\tstart\t2024-02\t2024-03-10\t10–38 days\t10\t38\tcertain\n"
        "pair\tother-plan\tundated\t2024-02\t\t\t\t\tcertain\n"
        "median\t\t\t\t\t35–49 days\t35\t49\t\n"
        "minimum\t\t\t\t\t10–38 days\t10\t38\t\n"
        "maximum\t\t\t\t\t60 days\t60\t60\t\n"
    )
    # The summary stays below the pairs.
    rows = [line.split("\t") for line in ask("elapsed", "fulfilled-by", "--sort", "low", "-r", *store)[1].splitlines()]
    assert [(row[0], row[6]) for row in rows] == [
        *(("pair", "60"), ("pair", "10"), ("pair", "")),
        *(("median", "35"), ("minimum", "10"), ("maximum", "60")),
    ]
    # A symmetric link is one pair, whichever event states it.
    assert len(ask("elapsed", "same-deal", *store)[1].splitlines()) == 4
    assert ask("elapsed", "leads-to", *store) == (0, "", "")
    assert ask("elapsed", "leads-to", "-e", *store)[0] == 1
    assert ask("elapsed", "fulfilled", *store)[2] == (
        'autotimeline: no link type "fulfilled"; did you mean "fulfilled-by"?\n'
    )


def test_the_time_to_a_deadline_is_uncertain(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(
        '[source.s]\ntitle = "S"\npublished = 2024-05-01\n'
        '[[event]]\nid = "a"\ndate = "2024-01-01"\ntitle = "A"\nlinks = { leads-to = ["b"] }\n'
        '[[event]]\nid = "b"\ndate = "by 2024-06"\nstatus = "planned"\ntitle = "B"\nsources = ["s"]\n',
        "utf-8",
    )
    rows = [line.split("\t")[5:8] for line in ask("elapsed", "leads-to", "-f", str(path))[1].splitlines()]
    assert rows == [["perhaps 4–6 months", "121", "181"]] * 4
