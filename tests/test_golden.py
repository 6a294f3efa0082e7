"""The golden comparison reports what differs between two versions, and nothing else."""

from __future__ import annotations

import re

import golden

STRICT = "check -f hostile.toml --today 2025-11-22 --strict -O "
CASES = (
    "count -f facts.toml --today 2025-11-22 --by year -O csv",
    "list -f facts.toml actor:leapmoter",
    "set -f facts.toml --today 2025-11-22 era:tavares",
    *(STRICT + format for format in golden.golden_cases.DATA_FORMATS),
    "batch -f hostile.toml",
    "list --help",
)
# A version whose console script changes what the installed program answers.
MUTANT = """
import sys

from autotimeline import cli


def main(arguments):
    code = cli.main(arguments)
    answer = sys.stdout.buffer.getvalue()
    sys.stdout.buffer.seek(0)
    sys.stdout.buffer.truncate()
    if arguments[0] == "count":
        answer = answer.replace(b"2024,2,4", b"2024,2,5")
    if arguments[0] == "list" and code == 2:
        code = 1
    if arguments[0] == "set" and "--dry-run" not in arguments:
        with open("facts.toml", "ab") as file:
            file.write(b"#")
    if "--help" in arguments:
        answer = b"Other words"
    print("Another message", file=sys.stderr)
    sys.stdout.buffer.write(answer.replace(b"unsourced; write", b"no source: write"))
    return code
"""
REPORT = r"""autotimeline count -f facts.toml --today 2025-11-22 --by year -O csv
  stdout, line 15, character 1
    old '2024,2,4\r\n'
    new '2024,2,5\r\n'

autotimeline set -f facts.toml --today 2025-11-22 era:tavares period=../2025-02
  facts.toml, line 607, character 1
    old ''
    new '#'

autotimeline list -f facts.toml actor:leapmoter
  exit code, line 1, character 1
    old '2'
    new '1'

count: 1 differ
set: 1 differ
list: 1 differ
13 cases, 3 differences, N seconds
"""


def compare(version, capsys):
    code = golden.main([str(golden.golden_cases.TOP), str(version), *(f"-k{text}" for text in CASES)])
    return code, re.sub(r"\d+ seconds", "N seconds", capsys.readouterr().out)


def test_a_version_is_the_same_as_itself(capsys):
    assert compare(golden.golden_cases.TOP, capsys) == (0, "13 cases, 0 differences, N seconds\n")


def test_a_cell_an_exit_code_and_a_byte_of_a_store_are_reported_and_words_are_not(tmp_path, capsys):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "mutant.py").write_text(MUTANT)
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\nautotimeline = "mutant:main"\n')
    assert compare(tmp_path, capsys) == (1, REPORT)
