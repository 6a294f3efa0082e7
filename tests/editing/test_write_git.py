"""What a change looks like to the tools that people keep a store with: git and patch."""

import shutil
import subprocess
import sys

import pytest
from writing import STORE, run

import program
from asking import ask

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Return what runs git in a repository that holds the shipped story."""
    if not shutil.which("git"):
        pytest.skip("there is no git here")
    shutil.copy(program.STORY, tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")

    def command(*words: str) -> str:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        done = subprocess.run(["git", *who, *words], capture_output=True, encoding="utf-8", check=True)
        return done.stdout

    command("init", "-q")
    command("add", "facts.toml")
    command("commit", "-qm", "x")
    return command


def test_git_sees_what_was_changed_and_no_more(git):
    assert ask("set", "leapmotor-deal", "kind=acquisition") == (0, "", "")
    assert git("diff", "--numstat") == "1\t1\tfacts.toml\n"
    assert git("status", "--porcelain") == " M facts.toml\n"
    assert ask("undo") == (0, "", "")
    assert git("status", "--porcelain") == ""
    code, out, err = ask(
        "add", "Stellantis opens a plant", "--date", "2025-11", "--actor", "stellantis", "--source", "turn-2025"
    )
    assert (code, out, err) == (0, "stellantis-opens-a-plant-2025\n", "")
    added, gone, _ = git("diff", "--numstat").split("\t")
    assert (int(added) > 0, gone) == (True, "0")
    assert ask("undo") == (0, "", "")
    assert git("diff") == ""
    assert git("status", "--porcelain") == ""


CHANGES = [
    ["set", "wreck", "kind=loss", "title=New"],
    ["set", "launch", "note=one"],
    ["add", "Argo sails on", "--actor", "argo", "--kind", "trip"],
    ["add", "actor:mia", "name=Mia"],
    ["rename", "argo", "argo-2"],
    ["remove", "wreck", "--force"],
    ["undo"],
]


@pytest.mark.parametrize("name", ["facts.toml", "my facts.toml"])
@pytest.mark.parametrize(
    "form",
    [
        lambda data: data,
        lambda data: data[:-1],
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data[data.index(b"# Where") :],
        lambda data: data.replace(b"# Where", "# \u202e\u200b Where".encode()),
    ],
    ids=["plain", "no newline", "CRLF", "BOM", "bidi"],
)
def test_patch_makes_of_a_dry_run_what_the_change_makes(name, form, tmp_path, monkeypatch):
    if not shutil.which("patch"):
        pytest.skip("there is no patch here")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_bytes(form(STORE.encode()))
    for words in CHANGES:
        before = path.read_bytes()
        code, diff, err = ask("-f", name, *words, "--dry-run")
        assert (code, err, path.read_bytes()) == (0, "", before)
        assert ask("-f", name, *words)[0] == 0
        after = path.read_bytes()
        assert after != before
        path.write_bytes(before)
        patch = ["patch", "-p1", "--binary", "--fuzz=0", "--quiet"]
        done = subprocess.run(patch, input=diff.encode(), check=False, capture_output=True)
        assert done.returncode == 0, (done.stdout, diff)
        assert path.read_bytes() == after


def test_nothing_to_change_is_an_empty_diff_and_no_error(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    stamp = path.stat().st_ino, path.stat().st_ctime_ns
    assert ask("-f", path, "set", "wreck", "date=2024", "--dry-run") == (0, "", "")
    assert ask("-f", path, "set", "wreck", "date=2024") == (0, "", "")
    assert (path.stat().st_ino, path.stat().st_ctime_ns) == stamp
    assert ask("-f", path, "undo")[0] == 4


def test_what_steers_a_terminal_does_not_in_a_diff(tmp_path, cache):
    path = tmp_path / "facts.toml"
    env = program.environment(cache.parent)
    path.write_text(STORE.replace("# of the owners", "# \u202eof"))
    code, sent = program.terminal(["-f", str(path), "set", "wreck", "kind=loss", "--dry-run"], cwd=tmp_path, env=env)
    assert code == 0
    assert "\\u202eof" in sent
    assert "\u202e" not in sent


LOADED = """
import sys
from autotimeline.cli import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""


def loaded(path, cache, *words: str) -> set[str]:
    env = program.environment(cache.parent)
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "-f", str(path), *words], env=env, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_what_a_change_loads(tmp_path, cache):
    """Neither what draws nor what reads command lines; and what changes text only where text changes."""
    path = tmp_path / "facts.toml"
    path.write_text(STORE)
    run("-f", str(path), "list", cwd=tmp_path, env=program.environment(cache.parent))
    for words in (["set", "wreck", "kind=loss"], ["add", "Argo sails on"], ["rename", "argo", "argo-2"]):
        assert not loaded(path, cache, *words) & {"typer", "rich"}
    assert not loaded(path, cache, "add", "Argo sails off") & {"tomlkit", "typer", "rich"}
    for words in (["undo"], ["list"], ["show", "wreck"], ["check"]):
        assert not loaded(path, cache, *words) & {"tomlkit"}
