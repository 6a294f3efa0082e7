"""Chains of figures that repeat one another: followed once, however long, whether they end or not."""

import json

import pytest
from index_dump import built

from autotimeline.index import event_rows

LONG = 300


def chain(end: str) -> str:
    values = [*(f"@e{n + 1}" for n in range(LONG - 1)), end]
    return "".join(
        f'[[event]]\nid = "e{n}"\ntitle = "T {n}"\nfigures.x = {json.dumps(value)}\n' for n, value in enumerate(values)
    )


@pytest.mark.parametrize(("end", "number"), [("5 cars", 5.0), ("@e0", None), ("@e100", None), ("@none", None)])
def test_a_chain_is_followed_once(end, number, monkeypatch):
    asked = []
    of_its_own = event_rows.needs_original
    monkeypatch.setattr(event_rows, "needs_original", lambda figure: asked.append(figure) or of_its_own(figure))

    db = built([chain(end)])
    assert db.execute("SELECT DISTINCT low FROM figure").fetchall() == [(number,)]
    assert LONG <= len(asked) < 10 * LONG
