"""Each recipe of docs/recipes.md does what it promises, with the tools that it names."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from autotimeline import exports, plugins
from program import SCRIPTS, STORY, TOP, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the recipes are those of a POSIX shell")
SECTIONS = {
    part.partition("\n")[0]: re.findall(r"^```(\w+)\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    for part in (TOP / "docs/recipes.md").read_text("utf-8").split("\n## ")[1:]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory with the shipped store."""
    shutil.copy(STORY, tmp_path / "facts.toml")
    return tmp_path


@pytest.fixture
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    variables = environment(tmp_path_factory.mktemp("cache"))
    return variables | {"PATH": os.pathsep.join((str(SCRIPTS), os.environ["PATH"])), "SHELL": "/bin/sh"}


def require(tool: str) -> None:
    if not shutil.which(tool, path=os.pathsep.join((str(SCRIPTS), os.environ["PATH"]))):
        pytest.skip(f"{tool} is not installed")


def write_script(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


def run(*command: str, cwd: Path, env: dict[str, str]) -> str:
    """Return the answer of a command that succeeds."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_recipe_has_a_test():
    assert {section: [language for language, _ in blocks] for section, blocks in SECTIONS.items()} == {
        "Find events while you type": ["sh"],
        "Regenerate a page and a snapshot": ["makefile"],
        "Mail what is new": ["sh"],
        "Browse with Datasette": ["sh"],
    }


class Screen:
    """A terminal of 120 columns that runs a script, and what it shows."""

    def __init__(self, script: str, cwd: Path, env: dict[str, str]) -> None:
        import pty

        import pyte

        self.screen = pyte.Screen(120, 30)
        self.stream = pyte.ByteStream(self.screen)
        # A terminal that nobody has open ends, so this end of the program stays open too.
        self.terminal, self.program_end = pty.openpty()
        name = os.ttyname(self.program_end)
        # The first terminal that the leader of a session opens controls it, and fzf reads keys from there.
        command = f"exec <{name} >{name} 2>&1; stty rows 30 cols 120; {script}"
        variables = {"TERM": "xterm-256color", **env}
        self.process = subprocess.Popen(["sh", "-c", command], cwd=cwd, env=variables, start_new_session=True)

    def type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def wait(self, until: Callable[[str], bool]) -> str:
        """Return the text of the screen once it is as expected."""
        while not until(text := "\n".join(self.screen.display)):
            ready, _, _ = select.select([self.terminal], [], [], 30)
            assert ready, text
            self.stream.feed(os.read(self.terminal, 65_536))
        return text

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.program_end)
        os.close(self.terminal)


def test_fzf_asks_after_each_key_and_shows_the_card(folder, env):
    require("fzf")
    ((_, script),) = SECTIONS["Find events while you type"]
    write_script(folder / "facts-find", script)
    screen = Screen("./facts-find > chosen; echo done", folder, env)
    try:
        screen.wait(lambda text: "34/34" in text and "some time within" in text)
        # A typed option is a word of the query: it writes no file.
        screen.type("-o evil")
        screen.wait(lambda text: "0/0" in text)
        screen.type("\x15actor:catl since:2025")
        shown = screen.wait(lambda text: "1/1" in text and "planned · production" in text and "sources" in text)
        assert "by 2026-12" in shown
        screen.type("\r")
        screen.wait(lambda text: "done" in text)
    finally:
        screen.end()
    assert (folder / "chosen").read_text("utf-8") == "catl-plant-start\n"
    assert sorted(path.name for path in folder.iterdir()) == ["chosen", "facts-find", "facts.toml"]


@pytest.mark.parametrize("target", ["story.html", "snapshot.toml"])
def test_make_writes_an_export_only_if_the_store_has_changed(folder, env, target):
    require("make")
    if target.rpartition(".")[2] not in plugins.list_names(exports):
        pytest.skip(f"export does not write {target} yet")
    ((_, makefile),) = SECTIONS["Regenerate a page and a snapshot"]
    (folder / "Makefile").write_text(makefile, "utf-8")
    run("make", target, cwd=folder, env=env)
    written = (folder / target).read_bytes()
    assert "is up to date" in run("make", target, cwd=folder, env=env)
    os.utime(folder / "facts.toml", (2e9, 2e9))
    assert f"-o {target}" in run("make", target, cwd=folder, env=env)
    assert (folder / target).read_bytes() == written
    # A store with a problem is not exported.
    with (folder / "facts.toml").open("a", encoding="utf-8") as store:
        store.write('[[event]]\nid = "x"\ntitle = "X"\nlinks = { related = ["missing"] }\n')
    os.utime(folder / "facts.toml", (3e9, 3e9))
    failed = subprocess.run(["make", target], cwd=folder, env=env, capture_output=True, check=False)
    assert failed.returncode != 0
    assert (folder / target).read_bytes() == written


def test_a_mail_has_what_is_new_and_only_if_something_is(folder, env):
    require("git")
    ((_, script),) = SECTIONS["Mail what is new"]
    write_script(folder / "mail-news", script)
    (folder / "bin").mkdir()
    write_script(folder / "bin/mail", '#!/bin/sh\n{ echo "$@"; cat; } > mail.txt\n')
    env["PATH"] = os.pathsep.join((str(folder / "bin"), env["PATH"]))
    dates = {"GIT_AUTHOR_DATE": "2020-01-01T00:00:00", "GIT_COMMITTER_DATE": "2020-01-01T00:00:00"}
    run("git", "init", "-q", cwd=folder, env=env)
    run("git", "add", "facts.toml", cwd=folder, env=env)
    run(
        "git",
        "-c",
        "user.name=Me",
        "-c",
        "user.email=me@example.org",
        "commit",
        "-qm",
        "x",
        cwd=folder,
        env=env | dates,
    )
    run("./mail-news", cwd=folder, env=env)
    assert not (folder / "mail.txt").exists()
    with (folder / "facts.toml").open("a", encoding="utf-8") as store:
        store.write('[[event]]\nid = "x"\ndate = "2025-11"\ntitle = "Something new"\nsources = ["turn-2025"]\n')
    run(str(folder / "mail-news"), cwd=TOP, env=env)
    address, first, *_ = (folder / "mail.txt").read_text("utf-8").splitlines()
    assert address == "-s New facts team@example.org"
    assert first == "+ event x · 2025-11 · Something new"


def test_datasette_serves_the_timeline(folder, env):
    require("datasette")
    ((_, shell),) = SECTIONS["Browse with Datasette"]
    run(
        "sh",
        "-ec",
        shell.replace("--open", "--get '/story/timeline.json?_shape=array' > out.json"),
        cwd=folder,
        env=env,
    )
    assert len(json.loads((folder / "out.json").read_text("utf-8"))) == 34
