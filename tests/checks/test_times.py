"""What the rules about time find, and what they leave alone because it is not sure."""

import pytest

from rules import event, told

pytestmark = pytest.mark.usefixtures("cache")
SOURCES = """\
[source.old]
title = "Old"
published = "2024-03"
[source.new]
title = "New"
published = "2025-06-30"
[source.about]
title = "About"
published = "2024-03~"
[source.maybe]
title = "Maybe"
published = "2024-03?"
[source.undated]
title = "Undated"
"""


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        (['date = "2024-04"', 'sources = ["old"]'], "2024-03-31"),
        (['date = "2024-03-31"', 'sources = ["old"]'], None),
        (['date = "2024-04"', 'sources = ["old", "new"]'], None),
        (['date = "2025-07-01"', 'sources = ["old", "new"]'], "2025-06-30"),
        (['date = "2024-04"', 'sources = ["about"]'], None),
        (['date = "2024-05"', 'sources = ["about"]'], "2024-04-30"),
        (['date = "2030"', 'status = "cancelled"', 'sources = ["old"]'], None),
        (['date = "2030"', 'status = "planned"', 'sources = ["old"]'], None),
        (['date = "2025-01"', 'sources = ["maybe"]'], None),
        (['date = "2025-01"', 'sources = ["old", "undated"]'], None),
        (['date = "2025-01?"', 'sources = ["old"]'], None),
        (['date = "2024-04~"', 'sources = ["old"]'], None),
        (['date = "2024-06~"', 'sources = ["old"]'], "2024-03-31"),
        (['date = "2024"', 'sources = ["old"]'], None),
        (['period = "2024"', 'sources = ["old"]'], None),
        (['period = "2025/.."', 'sources = ["old"]'], "2024-03-31"),
        (['date = "by 2025"', 'sources = ["old"]'], None),
        (['date = "2025-01"', 'sources = [{ id = "old", date = "2024-01" }]'], None),
        (['date = "2025-01"', 'sources = [{ id = "old", status = "planned" }]'], None),
        (['date = "2025-01"'], None),
        (['sources = ["old"]'], None),
    ],
)
def test_what_happened_after_its_sources_appeared(lines, known, tmp_path):
    found = told(tmp_path, SOURCES + event("e", *lines), "anachronism")
    assert len(found) == (known is not None)
    if known:
        assert f", but its last source had appeared by {known}; correct the date, write" in found[0]


BACK = 'reverse the link, correct a date, or add accept.backwards = "why"'


@pytest.mark.parametrize(
    ("type", "one", "other", "what"),
    [
        ("leads-to", 'date = "2024-02"', 'date = "2024-01"', "(2024-01) was over before this one (2024-02)"),
        ("leads-to", 'date = "2024-02"', 'date = "2024-02"', ""),
        ("leads-to", 'date = "2024-02"', 'date = "2024"', ""),
        ("leads-to", 'date = "2024-02"', 'date = "2024-01~"', ""),
        ("leads-to", 'date = "2024-03"', 'date = "2024-01~"', "(~2024-01) was over before this one (2024-03)"),
        ("leads-to", 'date = "2024-03"', 'date = "2024-01?"', ""),
        ("leads-to", 'date = "2024-02"', 'period = "2024"', ""),
        ("leads-to", 'date = "2024-02"', 'period = "2020/.."', ""),
        ("leads-to", 'date = "2024-02"', 'period = "2023"', "(2023) was over before this one (2024-02)"),
        ("leads-to", 'date = "2024-02"', "", ""),
        ("leads-to", 'date = "2024-02"\nstatus = "planned"', 'date = "2024-01"', ""),
        ("leads-to", 'date = "2024-02"', 'date = "2024-01"\nstatus = "planned"', ""),
        ("leads-to", 'date = "2024-02"', 'date = "2024-01"\nstatus = "cancelled"', ""),
        ("leads-to", 'date = "2024-02"', 'date = "2024-01"\nsources = [{ id = "new", date = "2024-05" }]', ""),
        ("follows-from", 'date = "2024-01"', 'date = "2024-02"', "(2024-02) began after this one (2024-01)"),
        ("follows-from", 'date = "2024-02"', 'date = "2024-01"', ""),
        ("replaces", 'date = "2024-01"', 'date = "2024-02"', "(2024-02) began after this one (2024-01)"),
        ("replaced-by", 'date = "2024-02"', 'date = "2024-01"', "(2024-01) was over before this one (2024-02)"),
        ("fulfils", 'date = "2024-01"', 'date = "2024-02"', "(2024-02) began after this one (2024-01)"),
        ("fulfilled-by", 'date = "2024-02"', 'date = "2024-01"', "(2024-01) was over before this one (2024-02)"),
        # To be early is no mistake. To complete what nobody had planned yet is one: where the plan says when it came.
        ("fulfils", 'date = "2024-01"', 'date = "2024-02"\nstatus = "planned"', ""),
        ("fulfils", 'date = "2024-01"', 'date = "2025"\nstatus = "planned"\nsources = ["new"]', ""),
        ("fulfils", 'date = "2024-01"', 'date = "2025"\nstatus = "planned"\nknown = "2024-02"',
         "was not known as a plan yet (it happened 2024-01)"),
        ("fulfils", 'period = "2024"', 'date = "2025"\nstatus = "planned"\nknown = "2024-02"', ""),
        ("fulfilled-by", 'date = "2025"\nstatus = "planned"\nknown = "2024-02"', 'date = "2024-01"',
         "came before this plan was known (it happened 2024-01)"),
        ("fulfilled-by", 'date = "2025"\nstatus = "planned"\nknown = "2024-02~"', 'date = "2024-01"', ""),
        ("related", 'date = "2024-02"', 'date = "2024-01"', ""),
        ("part-of", 'date = "2024-02"', 'date = "2024-01"', ""),
    ],
)  # fmt: skip
def test_links_that_run_backwards(type, one, other, what, tmp_path):
    text = SOURCES + event("one", one, f'links.{type} = ["other"]') + event("other", other)
    assert told(tmp_path, text, "backwards") == ([f"one: links.{type}: other {what}; {BACK}"] if what else [])


def test_links_that_form_a_circle(tmp_path):
    plan = 'status = "planned"'
    text = SOURCES + event("b", plan, 'links.replaces = ["a"]') + event("c", plan, 'links.replaced-by = ["a"]')
    text += event("a", plan, 'links.replaced-by = ["d"]', 'links.leads-to = ["d"]') + event("d", plan)
    assert told(tmp_path, text, "backwards") == []
    text += event("e", plan, 'links.replaces = ["b"]', 'links.replaced-by = ["c"]', 'links.fulfils = ["b"]')
    accept = 'remove a link, or add accept.backwards = "why"'
    assert told(tmp_path, text, "backwards") == [f"a: links.replaced-by: a, b, e, c, a is a circle; {accept}"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['date = "2025-11-23"'], True),
        (['date = "2025-11-22"'], False),
        (['date = "2025-11"'], False),
        (['date = "2025"'], False),
        (['date = "2026~"'], False),
        (['date = "2027~"'], True),
        (['date = "2027?"'], False),
        (['date = "by 2030"'], False),
        (['period = "2026/.."'], True),
        (['period = "2025/2030"'], False),
        (['date = "2026"', 'status = "planned"'], False),
        (['date = "2026"', 'status = "cancelled"'], False),
        (['date = "2026"', 'sources = [{ id = "old", date = "2025-01" }]'], False),
        (["reported = true"], False),
    ],
)
def test_what_happened_in_the_future(lines, found, tmp_path):
    rows = told(tmp_path, SOURCES + event("e", *lines), "future")
    date = "".join(lines[0].split('"')[1:2]).replace("2027~", "~2027").replace("2026/..", "from 2026")
    what = (
        f'e: happened {date}, which is in the future; write status = "planned", correct the date, or add accept.future'
    )
    assert rows == ([f'{what} = "why"'] if found else [])


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['date = "2025-10"'], True),
        (['date = "2025"'], False),
        (['date = "2025-09~"'], False),
        (['period = "2025/.."'], False),
        (['period = "2025-06/.."'], True),
        (['date = "by 2025-06"'], True),
        ([], False),
        (['date = "2025-10"', 'links.fulfilled-by = ["done"]'], False),
    ],
)
def test_plans_that_are_overdue(lines, found, tmp_path):
    text = SOURCES + event("plan", 'status = "planned"', *lines) + event("done", 'date = "2025-11"')
    assert len(told(tmp_path, text, "overdue")) == found
    for link in ("fulfils", "replaces"):
        assert told(tmp_path, f'{text}links.{link} = ["plan"]\n', "overdue") == []
    replaced = text.replace('"planned"', '"planned"\nlinks.replaced-by = ["done"]')
    assert told(tmp_path, replaced, "overdue") == []
    assert len(told(tmp_path, text + 'links.related = ["plan"]\n', "overdue")) == found


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_what_did_not_happen_fulfils_no_plan(status, tmp_path):
    plan = SOURCES + event("plan", 'status = "planned"', 'date = "2023"')
    other = event("other", f'status = "{status}"', 'date = "2027-02"')
    assert len(told(tmp_path, f'{plan}{other}links.fulfils = ["plan"]\n', "overdue")) == 1
    assert len(told(tmp_path, f'{plan}links.fulfilled-by = ["other"]\n{other}', "overdue")) == 1
