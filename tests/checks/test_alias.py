"""A saved query is a problem where no store could answer it."""

from pathlib import Path

import program


def test_aliases_that_are_wrong_and_aliases_of_another_part(tmp_path: Path):
    lines = ["[alias]", 'a = "kind:(joint"', 'b = ":b"', 'c = "since:10/11/2025"', 'd = "metric:nothing actor:nobody"']
    (tmp_path / "facts.toml").write_text("\n".join(lines), "utf-8")
    done = program.run("check", cwd=tmp_path, env=program.environment(tmp_path / "cache"))
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        'facts.toml:2\tproblem\talias\t\tin the alias :a, kind:(joint: "(" without ")"',
        'facts.toml:3\tproblem\talias\t\tin the alias :b, :b: the alias ":b" asks for itself (b → b)',
        "facts.toml:4\tproblem\talias\t\tin the alias :c, since:10/11/2025: "
        '"10/11/2025" is ambiguous: write 2025-11-10 (10 November) or 2025-10-11 (11 October)',
    ]


def test_a_snapshot_of_a_part_is_well(tmp_path: Path):
    env = program.environment(tmp_path / "cache")
    (tmp_path / "facts.toml").write_bytes(program.STORY.read_bytes())
    assert program.run("list", "actor:pony-ai", "-o", "part.toml", cwd=tmp_path, env=env).returncode == 0
    done = program.run("-f", "part.toml", "check", cwd=tmp_path, env=env)
    assert b"alias" not in done.stdout
