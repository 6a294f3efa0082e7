"""Completion: what completes which line, what each shell is told, and real shells that press Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

import pytest

from autotimeline.cli import bundled, main, options
from autotimeline.cli.commands.completion import COMMAND
from autotimeline.cli.completion import shells
from autotimeline.cli.completion.command_line import candidates
from autotimeline.cli.word_completion import complete_value
from autotimeline.query.columns import OPTIONAL_FIELDS
from program import SCRIPTS, environment, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORE = r"""
[store]
format = 1
[source.gazette]
title = "The Gazette"
published = "2025-03"
[actor.acme]
name = "Acme Group"
[actor.globex]
name = "Globex"
[era.founders]
name = "Founders"
period = "2019/2024"
[alias]
money = "metric:investment"
[[event]]
id = "acme-deal"
date = "2023-10"
title = "Acme plans: a 'fifth' of \"Globex\"; $(touch pwned) `touch pwned` \\"
kind = "deal"
actors = { buyer = "acme", target = "globex" }
tags = ["R&D", "ev"]
places = ["Hangzhou, China"]
figures.investment = "~1.5bn EUR"
sources = ["gazette"]
links = { leads-to = ["globex-plant"] }
[[event]]
id = "globex-plant"
date = "2024"
title = "A plant"
kind = "joint venture"
"""
OTHER = '[store]\nformat = 1\n[[event]]\nid = "other-event"\ndate = "2024"\ntitle = "Other"\nkind = "$(touch pwned)"\n'
HOSTILE = r"""
[store]
format = 1
[actor.acme]
name = "Ac\u001b]0;x\u0007me\u202e"
[alias]
money = "text:\u001b[2J"
[[event]]
id = "plain"
date = "2024"
title = "A\tB\nC\u001b[31m\u009b\u2028"
kind = "a\u001bb"
tags = ["x\u0007y", "good\ttag", "零跑"]
actors = ["acme"]
[[event]]
id = "comma"
title = "C"
kind = "a,b"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "here"
    (here / "sub").mkdir(parents=True)
    (here / "facts.toml").write_text(STORE, encoding="utf-8")
    (here / "sub" / "other.toml").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HERE", str(here))
    monkeypatch.delenv("AUTOTIMELINE_FILE", raising=False)
    return here


def completed(line: str) -> list[str] | None:
    """What completes a line that begins behind the program's name."""
    words, _ = shells.split_line(line)
    found = candidates(words)
    return None if found is None else [word for word, _ in found]


EVENTS = ["acme-deal", "globex-plant"]
CASES = [
    ("che", ["check"]),
    ("comple", ["completion"]),
    ("nothing-like-this", []),
    ("unknown-command ", []),
    ("schema ", []),
    ("--vers", ["--version"]),
    ("--no", ["--no-cache"]),
    ("--color ", ["auto", "always", "never"]),
    ("--color=al", ["--color=always"]),
    ("-f ", None),
    ("-f", ["-f"]),
    ("list --file=", None),
    ("init ", None),
    ("init facts.toml ", []),
    ("list -o ", None),
    ("list --today ", []),
    ("list --rev", ["--reverse"]),
    ("list --reverse --rev", []),
    ("list --acto", ["--actor"]),
    ("list --actor acme --acto", ["--actor"]),
    ("list -- --rev", []),
    ("list -O js", ["json", "jsonl"]),
    ("list -Ojs", ["-Ojson", "-Ojsonl"]),
    ("list -rOjs", ["-rOjson", "-rOjsonl"]),
    ("list -rO js", ["json", "jsonl"]),
    ("list --format=js", ["--format=json", "--format=jsonl"]),
    ("list --fields id,da", ["id,date"]),
    ("list --fields id,id", []),
    ("list --sort da", ["date"]),
    ("compare acme", ["acme-deal", "acme"]),
    ("compare 2024 kin", ["kind:"]),
    ("compare 2024 id:glo", ["id:globex-plant"]),
    ("count --by y", ["year"]),
    ("count --by year,ki", ["year,kind"]),
    ("count --by=year,year", []),
    ("list --sort acto", []),
    ("list --sort id,da", []),
    ("list --actor ", ["acme", "globex"]),
    ("list --kind deal,", ["deal,joint-venture"]),
    ("list --since @a", ["@acme-deal"]),
    ("list inves", ["investment:"]),
    ("list sin", ["since:"]),
    ("list o", ["or"]),
    ("list no", ["not"]),
    ("list actor:", ["actor:acme", "actor:globex"]),
    ("list not actor:ac", ["actor:acme"]),
    ("list actor:globex,", ["actor:globex,acme"]),
    ("list actor:globex,actor", []),
    ("list actor:acme@", ["actor:acme@buyer", "actor:acme@target"]),
    ("list actor:globex,acme@b", ["actor:globex,acme@buyer"]),
    ("list group:acme@b", ["group:acme@buyer"]),
    ("count --by actor@", ["actor@buyer", "actor@target"]),
    ("count --by year,actor@b", ["year,actor@buyer"]),
    ("count --by link@", []),
    ("chart --by group@t", ["group@target"]),
    ("list group:gl", ["group:globex"]),
    ("list kind:deal,jo", ["kind:deal,joint-venture"]),
    ("list place:", ["place:china", "place:hangzhou"]),
    ("list tag:R", ["tag:R&D"]),
    ("list era:", ["era:founders"]),
    ("list source:g", ["source:gazette"]),
    ("list is:ov", ["is:overdue"]),
    ("list status:", ["status:happened", "status:planned", "status:cancelled"]),
    ("list metric:", ["metric:investment"]),
    ("list investment:", []),
    ("list text:", []),
    ("list nofield:", []),
    ("list link:le", ["link:leads-to@"]),
    ("list link:leads-to@", [f"link:leads-to@{id}" for id in EVENTS]),
    ("list link:@g", ["link:@globex-plant"]),
    ("list near:@g", ["near:@globex-plant/"]),
    ("list @", [f"@{id}" for id in EVENTS]),
    ("list since:@a", ["since:@acme-deal"]),
    ("list :", [":money"]),
    ("list 'actor:ac", ["actor:acme"]),
    ("show ", EVENTS),
    ("show acme-deal g", ["globex-plant"]),
    ("names act", ["actors"]),
    ("names actors actor:a", ["actor:acme"]),
    ("completion f", ["fish"]),
    ("-f sub/other.toml show ", ["other-event"]),
    ("show -f sub/other.toml o", ["other-event"]),
    ("-fsub/other.toml show ", ["other-event"]),
    ("--file=sub show ", ["other-event"]),
    ("-f $HERE/sub show ", ["other-event"]),
    ("-f absent.toml show ", []),
    ("-f - show ", []),
    ("-f absent.toml list sin", ["since:"]),
    ("-f absent.toml list --actor ", []),
    ("list --unknown=", []),
    ("", sorted(set(completed_commands := [name for name, _ in candidates([""]) or []]))),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_what_completes_a_line(folder: Path, line: str, expected: list[str] | None) -> None:
    assert completed(line) == expected


def test_every_declared_completion_is_one_that_is_known(folder: Path) -> None:
    from autotimeline import plugins
    from autotimeline.cli import commands
    from autotimeline.query.fields import QUERY_FIELDS

    for name in plugins.list_names(commands):
        command = plugins.load(commands, name).COMMAND
        for declared in (*command.options, *command.arguments):
            if declared.completion not in ("", "fields", *QUERY_FIELDS):
                assert complete_value(declared.completion, "", []), f"{name}: {declared.name}"


@pytest.mark.parametrize(
    "asked",
    [
        "list",
        "list --gap",
        "timeline --gap --since-event acme-deal",
        "show acme-deal",
        "chart",
        "count",
        "count --by year,actors",
        "figures",
        "figures --per month",
        "figures --sum",
        "names actors",
        "compare acme-deal globex-plant",
        "diff facts.toml sub/other.toml",
    ],
)
def test_the_fields_that_are_offered_are_those_that_the_rows_have(
    folder: Path, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*more: str) -> str:
        assert main([*asked.split(), *more]) == (asked.split()[0] == "diff")
        return capsys.readouterr().out

    offered = completed(f"{asked} --fields ") or []
    # Some fields are shown only if they are named.
    named_only = OPTIONAL_FIELDS if asked.split()[0] in ("list", "timeline", "show") else ()
    assert offered == [*told("-O", "tsv").splitlines()[0].split("\t"), *named_only]
    for field in (completed(f"{asked} --sor") and completed(f"{asked} --sort ")) or []:
        assert told("--sort", field)


def test_no_field_is_offered_for_a_count_by_nothing_that_there_is(folder: Path) -> None:
    assert completed("count --by yaer --fields ") == []


def ask(
    shell: str, line: str, tail: str = "", *, cwd: Path, cache: Path, variable: str = "_AUTOTIMELINE_COMPLETE"
) -> tuple[int, str]:
    env = environment(
        cache,
        **{
            variable: f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": tail,
        },
    )
    done = run(cwd=cwd, env=env)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("variable", ["_AUTOTIMELINE_COMPLETE", "_ATL_COMPLETE"])
def test_each_shell_is_told_in_its_own_way(folder: Path, tmp_path: Path, variable: str) -> None:
    def told(shell: str, line: str, tail: str = "") -> tuple[int, str]:
        return ask(shell, line, tail, cwd=folder, cache=tmp_path / "cache", variable=variable)

    # bash replaces only what stands behind a colon; it is told of spaces, and what is quoted.
    assert told("bash", "atl list actor:ac", "ac") == (0, "acme \n")
    assert told("bash", "atl list link:le", "le") == (0, "leads-to@\n")
    assert told("bash", "atl list link:leads-to@g", "@g") == (0, "@globex-plant \n")
    assert told("bash", "atl list tag:R\\&", "R\\&") == (0, "R\\&D \n")
    assert told("bash", "atl list 'tag:R&", "tag:R&") == (0, "tag:R&D\n")
    assert told("bash", "A=1 ~/bin/atl -f 'sub/other.toml' list kind:", "") == (0, "\\$\\(touch-pwned\\) \n")
    assert told("bash", "atl -f sub list 'kind:", "kind:") == (0, "")
    assert told("bash", "other-name show a", "a") == (0, "acme-deal \n")
    for shell in ("zsh", "fish"):
        assert told(shell, "atl list actor:ac") == (0, "actor:acme\tAcme Group\n")
        assert told(shell, "sudo atl list tag:R") == (0, "tag:R&D\t\n")
    assert told("powershell", "atl.exe list actor:ac", "actor:ac") == (0, "actor:acme\tAcme Group\n")
    assert told("powershell", "atl list actor:acme@b", "actor:acme@b") == (0, "'actor:acme@buyer'\tactor:acme@buyer\n")
    assert told("powershell", "atl -f sub\\..\\sub\\other.toml list a", "a")[0] == 0
    for shell in options.SHELLS:
        assert told(shell, "atl -f ") == (shells.EXIT_COMPLETE_PATHS, "")
        assert told(shell, "") == (0, "")
        assert told(shell, "atl list 'an open \\ quote") == (0, "")
    assert told("tcsh", "atl list a") == (1, "")


def test_nothing_that_steers_a_terminal_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text(HOSTILE, encoding="utf-8")
    for shell in options.SHELLS:
        for line in ("list ", "list kind:", "list tag:", "list actor:", "list :", "list @", "show ", "names "):
            code, text = ask(shell, f"atl {line}", cwd=tmp_path, cache=tmp_path / "cache")
            assert code == 0
            assert all(c.isprintable() or c in "\t\n" for c in text), line
            assert all(row.count("\t") <= 1 for row in text.splitlines())
    assert ask("fish", "atl list tag:", cwd=tmp_path, cache=tmp_path)[1] == "tag:good-tag\t\ntag:零跑\t\n"
    assert ask("fish", "atl list kind:", cwd=tmp_path, cache=tmp_path)[1] == ""


@pytest.mark.parametrize("text", ["[[event]\n", "", "\0\xff", "[store]\nformat = 99\n", '[[event]]\nid = "x"\n'])
def test_a_broken_store_completes_nothing_and_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "facts.toml").write_text(text, encoding="latin-1")
    assert ask("bash", "atl show ", cwd=tmp_path, cache=tmp_path / "cache") == (0, "")
    assert ask("bash", "atl list actor:", cwd=tmp_path, cache=tmp_path / "cache") == (0, "")
    assert ask("bash", "atl list sin", "sin", cwd=tmp_path, cache=tmp_path / "cache") == (0, "since:\n")


def test_no_store_completes_nothing_and_says_nothing(tmp_path: Path) -> None:
    assert ask("zsh", "atl show ", cwd=tmp_path, cache=tmp_path / "cache") == (0, "")
    assert ask("zsh", "atl -f . -f . list kind:", cwd=tmp_path, cache=tmp_path / "cache") == (0, "")


def test_a_cache_that_cannot_be_written_does_not_matter(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert ask("bash", "atl show a", "a", cwd=folder, cache=tmp_path / "file") == (0, "acme-deal \n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_left_to_the_command(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert ask("bash", "atl -f pipe.toml show ", cwd=tmp_path, cache=tmp_path / "cache") == (0, "")


def test_the_scripts_are_printed(tmp_path: Path) -> None:
    env = environment(tmp_path)
    for shell in options.SHELLS:
        done = run("completion", shell, cwd=tmp_path, env=env)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode() == bundled.completion_script(shell)
        assert "atl" in done.stdout.decode()
    done = run("completion", "bsh", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert done.stderr.decode() == 'autotimeline: no completion for the shell "bsh"; did you mean "bash"?\n'


def test_installing_twice_adds_one_line_and_keeps_the_rest(tmp_path: Path) -> None:
    home = tmp_path / "it's home"
    home.mkdir()
    (home / "real").write_bytes(b"alias x='\xff'")
    (home / ".bashrc").symlink_to("real")
    env = environment(tmp_path, HOME=str(home))
    env.pop("XDG_DATA_HOME", None)
    for _ in range(2):
        done = run("completion", "bash", "--install", cwd=tmp_path, env=env)
        assert (done.returncode, done.stdout) == (0, b"")
    assert (home / ".bashrc").is_symlink()
    first, second = (home / "real").read_bytes().splitlines()
    assert first == b"alias x='\xff'"
    script = home / ".local/share/autotimeline/completion.bash"
    assert script.read_text(encoding="utf-8") == bundled.completion_script("bash")
    told = subprocess.run(
        ["bash", "--norc", "-c", f"{second.decode()}\ncomplete -p atl"], env=env, capture_output=True, check=True
    )
    assert told.stdout == b"complete -o nospace -F _autotimeline atl\n"


def test_installing_says_where_it_cannot(tmp_path: Path) -> None:
    (tmp_path / ".config").touch()
    env = environment(tmp_path, HOME=str(tmp_path))
    env.pop("XDG_CONFIG_HOME", None)
    done = run("completion", "fish", "--install", cwd=tmp_path, env=env)
    assert done.returncode == 4
    assert done.stderr.decode().startswith(f"autotimeline: {tmp_path}/.config/fish/completions/autotimeline.fish: ")
    done = run("completion", "powershell", "--install", cwd=tmp_path, env=env)
    assert done.returncode == 4
    assert "$PROFILE" in done.stderr.decode()


def test_the_command_completes_its_shells() -> None:
    assert COMMAND.arguments[0].completion == "shells"


class Terminal:
    """An interactive shell on a terminal of its own, and its screen."""

    def __init__(self, shell: str, home: Path, env: dict[str, str]) -> None:
        self.shell, self.home = shell, home
        pyte = pytest.importorskip("pyte")
        pty = pytest.importorskip("pty")
        self.screen = pyte.Screen(120, 40)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(home)
            os.execvpe(shell, [shell, "-i"], {**env, "TERM": "xterm", "LINES": "40", "COLUMNS": "120"})  # noqa: S606 - in the child of a fork

    def until(self, line: str) -> bool:
        """Whether the line of the cursor becomes this, with the cursor at its end, and stays so."""
        end, since = time.monotonic() + 30, None
        while time.monotonic() < end:
            if self.read(0.2):
                since = None
                continue
            since = since or time.monotonic()
            if self.line() == line and time.monotonic() - since > 0.15:
                return True
        return False

    def read(self, seconds: float) -> bool:
        """Show what the shell writes; False where it writes nothing for so long."""
        import select

        # Not select(): a process of many tests may have more files open than it can tell of.
        waiting = select.poll()
        waiting.register(self.fd, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return False
        self.stream.feed(os.read(self.fd, 65536))
        return True

    def line(self) -> str:
        return self.screen.display[self.screen.cursor.y][: self.screen.cursor.x]

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def close(self) -> None:
        os.close(self.fd)
        os.waitpid(self.pid, 0)


PROFILES = {
    "bash": (".bashrc", "PS1='> '\nbind 'set bell-style none'\n"),
    "zsh": (".zshrc", "PS1='> '\nunsetopt beep prompt_sp\n"),
    "fish": (
        ".config/fish/config.fish",
        "function fish_prompt; printf '> '; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n",
    ),
}


@pytest.fixture(scope="module", params=list(PROFILES))
def terminal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    shell = request.param
    if sys.platform == "win32" or not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    if not (SCRIPTS / "atl").exists():
        pytest.skip("autotimeline is not installed")
    home = tmp_path_factory.mktemp(shell)
    (home / "sub").mkdir()
    (home / "facts.toml").write_text(STORE, encoding="utf-8")
    (home / "sub" / "other.toml").write_text(OTHER, encoding="utf-8")
    name, text = PROFILES[shell]
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")
    # Without it fish reads all manual pages of the machine first.
    (home / ".local/share/fish/generated_completions").mkdir(parents=True)
    env = environment(home / "cache", HOME=str(home), PATH=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR", "HISTFILE", "BASH_ENV", "ENV"):
        env.pop(variable, None)
    assert run("completion", shell, "--install", cwd=home, env=env).returncode == 0
    opened = Terminal(shell, home, env)
    assert opened.until("> "), opened.screen.display
    yield opened
    opened.close()


TYPED = [
    ("atl li", "atl list "),
    ("autotimeline li", "autotimeline list "),
    ("atl list inves", "atl list investment:"),
    ("autotimeline list actor:ac", "autotimeline list actor:acme "),
    ("atl list actor:acme@bu", "atl list actor:acme@buyer "),
    ("atl list kind:deal,jo", "atl list kind:deal,joint-venture "),
    ("atl list link:le", "atl list link:leads-to@"),
    ("atl list link:leads-to@gl", "atl list link:leads-to@globex-plant "),
    ("atl list since:@ac", "atl list since:@acme-deal "),
    ("atl list :mo", "atl list :money "),
    ("atl list @gl", "atl list @globex-plant "),
    ("atl list tag:R", "atl list tag:R\\&D "),
    ("atl --color=al", "atl --color=always "),
    ("atl list --fields id,ti", "atl list --fields id,title "),
    ("atl list --rev", "atl list --reverse "),
    ("atl show ac", "atl show acme-deal "),
    ("X=1 atl show ac", "X=1 atl show acme-deal "),
    ("echo x; atl show ac", "echo x; atl show acme-deal "),
    ("atl -f sub/ot", "atl -f sub/other.toml "),
    ("atl -f sub/other.toml show ot", "atl -f sub/other.toml show other-event "),
    ("atl -f ~/sub/other.toml show ot", "atl -f ~/sub/other.toml show other-event "),
    ("atl list 'actor:ac", "atl list 'actor:acme' "),
    ("atl -f sub list kind:", "atl -f sub list kind:\\$\\(touch-pwned\\) "),
    # What is typed next shows that the shell has done, and left the line as it was.
    ("atl list nofield:x", "atl list nofield:xZ"),
]


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_a_real_shell_completes(terminal: Terminal, typed: str, expected: str) -> None:
    terminal.type(typed)
    assert terminal.until(f"> {typed}"), terminal.screen.display
    terminal.type("\tZ" if expected.endswith("Z") else "\t")
    if terminal.shell == "bash" and "'" in expected:
        expected = expected.rstrip()  # it closes the quote, and leaves the rest to whoever types
    found = terminal.until(f"> {expected}")
    seen = terminal.line()
    terminal.type("\x03")
    assert terminal.until("> ")
    assert found, seen
    assert not (terminal.home / "pwned").exists()


def test_a_real_shell_lists_ids_with_their_titles(terminal: Terminal) -> None:
    if terminal.shell == "bash":
        pytest.skip("bash shows no help")
    terminal.type("atl show \t\t")
    end = time.monotonic() + 30
    while time.monotonic() < end and "A plant" not in "\n".join(terminal.screen.display):
        terminal.read(0.2)
    shown = "\n".join(terminal.screen.display)
    terminal.type("\x03\x03")
    assert "globex-plant" in shown
    assert "A plant" in shown
    assert "Acme plans: a 'fifth' of \"Globex\"; $(touch pwned) `touch pwned`" in shown
    assert not (terminal.home / "pwned").exists()
