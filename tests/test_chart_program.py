"""`chart` and pictures as they are asked for on the command line."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

import program
from program import TOP, environment

posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals as POSIX has them")
DAY = ["--today", "2025-11-22"]


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    return environment(tmp_path_factory.mktemp("cache"), NO_COLOR="1")


def run(env, *arguments):
    return program.run(*arguments, cwd=TOP, env=env)


def test_a_field_without_lanes_is_refused_with_a_suggestion(env):
    done = run(env, "chart", "--by", "actros")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == ('autotimeline: cannot chart by "actros"; did you mean "actor"?\n')


def test_a_row_is_an_event_in_a_lane(env):
    done = run(env, "chart", "--by", "actor", "-n", "2", "since:2025-06", "--fields", "lane,name,id", "-O", "plain")
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert {(lane, name) for lane, name, _ in rows} == {
        ("stellantis", "Stellantis"),
        ("antonio-filosa", "Antonio Filosa"),
    }
    assert [id for lane, _, id in rows if lane == "antonio-filosa"] == [
        "filosa-takes-office",
        "filosa-visit",
        "filosa-restructure",
    ]


def test_the_limit_is_one_of_lanes_and_what_it_leaves_out_is_told(env):
    lanes = [line.split("\t")[0] for line in run(env, "chart", "-n", "3", "-O", "plain").stdout.decode().splitlines()]
    assert list(dict.fromkeys(lanes)) == ["sales", "visit", "production"]
    text = run(env, "chart", "-n", "3", "-O", "svg", *DAY).stdout.decode()
    assert ">7 undated not drawn; 15 lanes left out<" in text


def test_a_chart_has_an_order_of_its_own(env):
    done = run(env, "chart", "--sort", "title")
    assert done.returncode == 2
    assert b"no such option: --sort" in done.stderr.lower()


@posix
@pytest.mark.parametrize(
    "arguments", [["chart"], ["chart", "--by", "id"], ["timeline"], ["show", "catl-jv"]], ids=" ".join
)
def test_ascii_for_every_picture_before_and_after_the_command(env, arguments):
    sent = {
        program.terminal(line, cwd=TOP, env=env)[1]
        for line in (["--ascii", *arguments, *DAY], [*arguments, *DAY, "--ascii"])
    }
    (text,) = sent
    assert not set("●○◐━┄│┬─·") & set(text)
    assert "*" in text
    assert "●" in program.terminal([*arguments, *DAY], cwd=TOP, env=env)[1]


@posix
def test_a_terminal_without_unicode_gets_ascii_by_itself(env):
    plain = program.terminal(
        ["chart", *DAY], cwd=TOP, env=env | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    )
    assert plain[1] == program.terminal(["chart", *DAY, "--ascii"], cwd=TOP, env=env)[1]


def test_data_is_not_touched_by_ascii(env):
    for form in ("plain", "json", "csv"):
        assert run(env, "list", "-O", form, "--ascii").stdout == run(env, "list", "-O", form).stdout


@pytest.mark.parametrize("arguments", [["chart"], ["timeline"], ["list"], ["names", "actors"]], ids=" ".join)
def test_every_command_draws_an_svg(env, tmp_path, arguments):
    path = tmp_path / "picture.svg"
    done = run(env, *arguments, *DAY, "-o", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    text = path.read_text("utf-8")
    assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  our own
    assert f">Stellantis and China: {arguments[0]}<" in text


def test_a_chart_that_is_data_loads_nothing_that_draws_for_a_terminal(env):
    code = "import sys; from autotimeline.cli import main; main(); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "chart", "-O", "plain"]
    done = subprocess.run(command, cwd=TOP, env=env, capture_output=True, text=True, timeout=60, check=True)
    modules = set(done.stderr.split())
    assert not {name.partition(".")[0] for name in modules} & {"rich", "typer", "dateutil"}
