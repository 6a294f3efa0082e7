"""What is doubted is never certain: a day that is lent, a plan that may be due, a figure that a source contradicts."""

import pytest

from autotimeline.api import Timeline

STORE = """\
[source.maybe]
title = "M"
published = "2025-10?"
[source.sure]
title = "S"
published = "2025-10"
[source.much]
title = "Much"
published = "2024"
[[event]]
id = "lent"
title = "x"
status = "planned"
date = "[..2026]"
sources = ["maybe"]
[[event]]
id = "settled"
title = "x"
status = "planned"
date = "[..2026]"
sources = ["sure"]
[[event]]
id = "late"
title = "x"
status = "planned"
date = "2024-06?"
[[event]]
id = "two"
title = "x"
date = "2019"
figures.sold = ["100 vehicles", "200 vehicles"]
sources = [{ id = "much", figures.sold = "200 vehicle" }]
[[event]]
id = "rate"
title = "x"
date = "2019"
figures.built = "100/month"
sources = [{ id = "much", figures.built = "24/year" }]
"""


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("since:2025-10", "lent? settled?"),
        ("not since:2025-10", "late? lent? rate settled? two"),
        ("is:overdue", "late?"),
        ("not is:overdue", "late? lent rate settled two"),
        ("is:upcoming", "lent settled"),
        ("is:approximate", "late"),
        ("is:disputed", "rate"),
        ("sold:100", "two"),
        ("built:2/month", "rate?"),
        ("not built:2/month", "late lent rate? settled two"),
    ],
)
def test_what_is_doubted_is_only_possible(query, matches, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    with Timeline([str(path)], today="2025-11-22", cache=False) as story:
        found = sorted(story.select(query).rows(["id", "match"]))
    assert " ".join(id + "?" * (match == "possible") for id, match in found) == matches
