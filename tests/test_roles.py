"""Who did what: an actor counts with its own roles, and not with those of the others."""

import os
from pathlib import Path

import pytest

from asking import ask

pytestmark = pytest.mark.usefixtures("cache")
CASES = Path(os.environ.get("AUTOTIMELINE_SHARED", Path(__file__).parents[2] / "shared")) / "cases/real"
ACTORS = "".join(f'[actor.{id}]\nname = "{id.title()}"\n' for id in ("north", "east", "south", "west"))
EVENTS = (
    'date = "2020"\nactors = { buyer = "north", target = "east" }',
    'date = "2021"\nactors = { buyer = "north", target = "south" }',
    'date = "2022"\nactors = { buyer = "south", seller = "north", target = "north" }',
    # Without a role.
    'date = "2023"\nactors = ["west", "east"]',
)
PAIRS = """\
north North buyer 2 2
north North target 1 1
north North seller 1 1
south South buyer 1 1
south South target 1 1
east East target 1 1
""".replace(" ", "\t")


@pytest.fixture
def name(tmp_path: Path) -> str:
    events = (f'[[event]]\nid = "e{n}"\ntitle = "t"\n{keys}\n' for n, keys in enumerate(EVENTS))
    (tmp_path / "facts.toml").write_text(ACTORS + "".join(events))
    return str(tmp_path / "facts.toml")


def count(name: str, *by: str) -> str:
    code, out, err = ask("-f", name, "count", "--by", *by, "-O", "tsv")
    assert (code, err) == (0, "")
    return out


def test_an_actor_is_paired_with_its_own_roles(name):
    assert count(name, "actor,role") == f"actor\tactor_name\trole\tcertain\tpossible\n{PAIRS}"
    rows = [line.split("\t") for line in PAIRS.splitlines()]
    swapped = {(role, *actor, certain, possible) for *actor, role, certain, possible in rows}
    assert {tuple(line.split("\t")) for line in count(name, "role,actor").splitlines()[1:]} == swapped


def test_the_actors_in_a_role(name):
    head = "actor\tactor_name\tcertain\tpossible\n"
    assert count(name, "actor@buyer") == f"{head}north\tNorth\t2\t2\nsouth\tSouth\t1\t1\n"
    assert count(name, "Actors@SELLER") == f"{head}north\tNorth\t1\t1\n"
    assert count(name, "actor@buyer", "until:2021") == f"{head}north\tNorth\t2\t2\n"
    assert count(name, "year,actor@target") == (
        "year\tactor\tactor_name\tcertain\tpossible\n2020\teast\tEast\t1\t1\n2021\tsouth\tSouth\t1\t1\n"
        "2022\tnorth\tNorth\t1\t1\n"
    )
    assert count(name, "actor@buyer,actor@target").splitlines()[:2] == [
        "actor@buyer\tactor@buyer_name\tactor@target\tactor@target_name\tcertain\tpossible",
        "north\tNorth\teast\tEast\t1\t1",
    ]


def test_the_lanes_of_the_actors_in_a_role(name):
    _, out, _ = ask("-f", name, "chart", "--by", "actor@buyer", "-O", "tsv", "--fields", "lane,name,id")
    lanes = "north\tNorth\te0\nnorth\tNorth\te1\nsouth\tSouth\te2\n\t\te3\n"
    assert out == f"lane\tname\tid\n{lanes}"


@pytest.mark.parametrize("command", ["count", "chart"])
@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("actor@byer", 'no role "byer"; did you mean "buyer"?'),
        ("kind@buyer", 'cannot {} by "kind@buyer"; write actor@ROLE or group@ROLE'),
        ("actor@", 'cannot {} by "actor@"; write actor@ROLE or group@ROLE'),
    ],
)
def test_a_field_with_a_role_that_does_not_exist(name, command, by, text):
    assert ask("-f", name, command, "--by", by) == (2, "", f"autotimeline: {text.format(command)}\n")


@pytest.mark.skipif(not CASES.exists(), reason="the cases of real files are not here")
def test_the_real_question_who_buys_most():
    name = str(CASES / "04-count-who-in-which-role/in.toml")
    assert count(name, "actor,role") == (
        "actor\tactor_name\trole\tcertain\tpossible\n"
        "acme\tAcme\tbuyer\t2\t2\nbeta\tBeta\ttarget\t1\t1\ngamma\tGamma\ttarget\t1\t1\n"
    )
    assert count(name, "actor@buyer") == "actor\tactor_name\tcertain\tpossible\nacme\tAcme\t2\t2\n"
