"""`diff` with revisions and days: the history of a store in git, which may be from another person."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

import program
from program import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
EVENT = '[[event]]\nid = "{}"\ntitle = "{}"\n'.format


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return environment(tmp_path / "cache", HOME=str(home), GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repository"
    path.mkdir()
    return path


@pytest.fixture
def git(repository, env):
    def run(*arguments: str, day: str = "2025-11-20") -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        dates = dict.fromkeys(("GIT_COMMITTER_DATE", "GIT_AUTHOR_DATE"), f"{day}T12:00:00")
        command = ["git", *identity, *arguments]
        done = subprocess.run(command, cwd=repository, env=env | dates, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def diff(repository, env):
    def run(*arguments: str, cwd: Path = repository, **variables: str) -> tuple[int, str, str]:
        done = program.run("diff", "--fields", "id,field,change", *arguments, cwd=cwd, env=env | variables)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture
def story(repository, git):
    """Three commits on three days: one event, then a second, then another title; and a change without a commit."""
    store = repository / "facts.toml"
    git("init", "-q")
    for day, text in (
        ("2025-11-18", EVENT("a", "A")),
        ("2025-11-19", EVENT("a", "A") + EVENT("b", "B")),
        ("2025-11-20", EVENT("a", "A") + EVENT("b", "Changed")),
    ):
        store.write_text(text, "utf-8")
        git("add", "-A", day=day)
        git("commit", "-qm", day, day=day)
    git("tag", "first", "HEAD~2")
    store.write_text(store.read_text("utf-8") + EVENT("c", "C"), "utf-8")
    return store


ADDED = "{0}\tid\tadded\n{0}\ttitle\tadded\n{0}\tstatus\tadded\n".format


def test_a_revision_is_compared_with_the_store_or_another_revision(story, diff):
    assert diff("HEAD") == (1, ADDED("c"), "")
    assert diff("HEAD~1") == (1, "b\ttitle\tchanged\n" + ADDED("c"), "")
    assert diff("first") == (1, ADDED("b") + ADDED("c"), "")
    assert diff("first", "HEAD") == (1, ADDED("b"), "")
    assert diff("HEAD", "HEAD") == (0, "", "")
    assert diff("HEAD~1", "facts.toml") == (1, "b\ttitle\tchanged\n" + ADDED("c"), "")
    assert diff("facts.toml", "HEAD") == (1, ADDED("c").replace("added", "removed"), "")


def test_a_day_means_the_last_commit_before_it(story, diff, env, repository):
    assert diff("--since", "2025-11-20") == (1, "b\ttitle\tchanged\n" + ADDED("c"), "")
    assert diff("--since", "yesterday", "--today", "2025-11-21") == diff("--since", "2025-11-20")
    assert diff("--since", "2025-11-19") == (1, ADDED("b") + ADDED("c"), "")
    assert diff("--since", "today", "--today", "2025-11-21") == (1, ADDED("c"), "")
    error = "autotimeline: no commit before {}; name a later day, or compare with an empty file\n".format
    assert diff("--since", "2025-11") == (4, "", error("2025-11-01"))
    assert diff("--since", "1850") == (4, "", error("1850-01-01"))
    assert diff("--since", "@a")[0] == 2
    error = "autotimeline: --since ..2025: not a date with a first day; write one such as 2025-11-22 or yesterday\n"
    assert diff("--since", "..2025") == (2, "", error)
    drawn = program.terminal(["diff", "--since", "2025-11-20"], cwd=repository, env=env | {"NO_COLOR": "1"})[1]
    assert ", the last commit before 2025-11-20\n" in drawn


def test_a_store_of_several_files_has_the_files_of_the_commit(repository, git, diff, tmp_path):
    directory = repository / "facts"
    directory.mkdir()
    git("init", "-q")
    for name in ("a", "b"):
        (directory / f"{name}.toml").write_text(EVENT(name, name), "utf-8")
    (directory / "notes.txt").write_text("no store", "utf-8")
    git("add", "-A")
    git("commit", "-qm", "Two files")
    (directory / "b.toml").unlink()
    (directory / "c.toml").write_text(EVENT("c", "C"), "utf-8")
    expected = (1, ADDED("b").replace("added", "removed") + ADDED("c"), "")
    assert diff("-f", "facts", "HEAD") == expected
    assert diff("-f", ".", "HEAD", cwd=directory) == expected
    assert diff("HEAD", AUTOTIMELINE_FILE="facts") == expected
    assert diff("-f", "facts/a.toml", "-f", "facts/c.toml", "HEAD") == (1, ADDED("c"), "")
    error = "autotimeline: facts/c.toml: not in HEAD; name a later revision, or compare with an empty file\n"
    assert diff("-f", "facts/c.toml", "HEAD") == (4, "", error)


def test_what_git_cannot_answer_is_an_error(story, diff, tmp_path, repository, git):
    unknown = 'autotimeline: no file or revision "{}"; `git log` lists the commits\n'.format
    for word in ("HEAD~9", "nothing", "nothing.txt", "HEAD:facts.toml", "first..HEAD", "a/b"):
        assert diff(word) == (2, "", unknown(word))
    assert diff("--", "--output=x") == (2, "", unknown("--output=x"))
    assert not (repository / "x").exists()
    error = "git: not found; install git, or compare two files with diff OLD NEW\n"
    error = f'autotimeline: no file "HEAD", and no revisions: {error}'
    assert diff("HEAD", PATH=str(tmp_path)) == (4, "", error)
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(story, outside)
    error = "facts.toml: not in a git repository; compare two files with diff OLD NEW\n"
    assert diff("--since", "2025", cwd=outside) == (4, "", f"autotimeline: {error}")
    for words in (["nothing.txt"], ["nothing.txt", "facts.toml"]):
        assert diff(*words, cwd=outside) == (4, "", f'autotimeline: no file "nothing.txt", and no revisions: {error}')
    story.write_text("x = 1\n", "utf-8")
    git("commit", "-qam", "Broken")
    story.write_text(EVENT("a", "A"), "utf-8")
    error = 'autotimeline: HEAD:facts.toml:1: key "x" without a header; write one above it, such as [[event]]\n'
    assert diff("HEAD") == (3, "", error)


@pytest.mark.skipif(sys.platform == "win32", reason="scripts and links as POSIX has them")
def test_nothing_of_a_repository_runs_and_no_link_is_followed(story, diff, git, repository, tmp_path):
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n", "utf-8")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("*.toml diff=trap filter=trap\n", "utf-8")
    for key in (
        *("core.fsmonitor", "core.pager", "pager.show", "core.sshCommand", "diff.external", "diff.trap.textconv"),
        *("diff.trap.command", "filter.trap.smudge", "filter.trap.clean", "gpg.program", "core.askPass", "core.editor"),
        *("alias.rev-parse", "alias.cat-file", "uploadpack.packObjectsHook"),
    ):
        git("config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    git("config", "log.showSignature", "true")
    git("config", "core.hooksPath", str(repository))
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        shutil.copy(trap, repository / hook)
    assert diff("HEAD~1") == (1, "b\ttitle\tchanged\n" + ADDED("c"), "")
    assert diff("--since", "2025-11-20")[0] == 1
    assert not (tmp_path / "ran").exists()
    # The commit has a link; the store is now a file.
    text = story.read_text("utf-8")
    story.unlink()
    story.symlink_to("/etc/passwd")
    subprocess.run(["git", "rm", "-q", "--cached", ".gitattributes"], cwd=repository, check=False)
    (repository / ".gitattributes").unlink()
    git("add", "facts.toml")
    git("commit", "-qm", "A link")
    story.unlink()
    story.write_text(text, "utf-8")
    error = "autotimeline: facts.toml: not a file in HEAD; name the file that it links to\n"
    assert diff("HEAD") == (4, "", error)
