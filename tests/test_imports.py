"""What a warm question loads: to start is most of what it costs."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import program
from autotimeline import api

# Each ends with the names of the modules that it loaded beyond those of a bare start, on stderr.
COMMAND_LINE = """
import sys
bare = set(sys.modules)
from autotimeline.cli import main
code = main(sys.argv[1:])
print(*(set(sys.modules) - bare), file=sys.stderr)
sys.exit(code)
"""
OUR_OWN = """
import sys
bare = set(sys.modules)
from autotimeline import api
from autotimeline.formats import plain
from autotimeline.render import canvas
from autotimeline.views import list
story = api.open(sys.argv[1])
selection = story.select("since:2023 not status:planned")
plain.write(list.table(selection, list.DEFAULT_FIELDS), sys.stdout, canvas.Canvas(None), frozenset())
print(*(set(sys.modules) - bare), file=sys.stderr)
"""


@pytest.fixture
def warm(tmp_path: Path):
    """Return `loaded(code, arguments)`: the modules that Python loads for it, where the index is there already."""
    env = program.environment(tmp_path)

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *command], env=env, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done

    def loaded(code: str, *arguments: str, expected: str = "leapmotor-deal") -> set[str]:
        done = run("-c", code, *arguments)
        assert expected in done.stdout
        return set(done.stderr.split())

    run("-m", "autotimeline", "-f", str(program.STORY), "list", "-O", "plain")
    return loaded


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("options", [[], ["-p", "2023", "-n", "20"], ["actor:leapmotor", "--certain"]], ids=" ".join)
def test_warm_list_loads_nothing_that_draws_or_reads(warm, options: list[str]):
    modules = warm(COMMAND_LINE, "-f", str(program.STORY), "list", *options, "-O", "plain")
    assert not packages(modules) & {"rich", "dateutil", "tomli_w", "tomllib"}
    assert not modules & {"autotimeline.model", "autotimeline.index.builder", "autotimeline.quantities.parse"}
    assert "autotimeline.reports.elapsed" not in modules


# What CPython's SQLite loads by itself is there before anything is counted.
BEYOND_SQLITE = "import _sqlite3\n" + COMMAND_LINE


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="another Python has another SQLite")
@pytest.mark.parametrize("words", ["list -O plain", "list -O tsv", "list -O csv", "timeline", "names actors"])
def test_a_warm_question_loads_next_to_nothing_but_sqlite(warm, words: str):
    modules = warm(BEYOND_SQLITE, "-f", str(program.STORY), *words.split(), expected="leapmotor")
    assert {name for name in modules if not name.startswith("autotimeline")} <= {
        "__future__",
        "collections.abc",
        "gc",
        "itertools",
        "time",
        "unicodedata",
        "zlib",
    }


def test_a_fact_card_for_pipes_decodes_nothing(warm):
    modules = warm(BEYOND_SQLITE, "-f", str(program.STORY), "show", "leapmotor-deal")
    assert not modules & {"json", "decimal", "datetime", "contextlib", "sqlite3"}


def test_only_the_command_that_is_named_is_loaded(warm):
    modules = warm(COMMAND_LINE, "-f", str(program.STORY), "list", "-O", "plain")
    found = {name for name in modules if name.startswith(("autotimeline.cli.commands.", "autotimeline.formats."))}
    assert {name for name in found if "._" not in name} == {
        "autotimeline.cli.commands.list",
        "autotimeline.formats.plain",
    }


HEAVY = {"dataclasses", "typing", "inspect", "enum", "json", "decimal", "pathlib", "shutil", "hashlib", "difflib"}
HEAVY |= {"typer", "rich", "dateutil", "tomli_w", "tomllib", "importlib.metadata", "urllib", "logging"}


def test_our_own_road_is_light(warm):
    modules = warm(OUR_OWN, str(program.STORY))
    assert not modules & HEAVY
    assert not packages(modules) & HEAVY


def test_figures_as_they_are_stated_need_no_model_and_nothing_that_reads_or_reckons(warm):
    modules = warm(COMMAND_LINE, "-f", str(program.STORY), "figures", "-O", "plain")
    assert not packages(modules) & {"typer", "rich", "dateutil", "tomli_w", "tomllib"}
    assert not modules & {"dataclasses", "typing", "inspect", "fractions", "autotimeline.model"}
    assert not modules & {f"autotimeline.quantities.{name}" for name in ("parse", "arithmetic", "change")}


def test_a_count_loads_no_more_than_a_list(warm):
    line = ("-f", str(program.STORY), "-O", "plain")
    listed = warm(COMMAND_LINE, "list", *line)
    counted = warm(COMMAND_LINE, "count", "--by", "year", *line, expected="2023\t2\t2")
    more = {name for name in counted - listed if not name.startswith("autotimeline.")}
    # A year has a first day and a last one.
    assert more <= {"datetime", "_datetime", "math", "collections.abc"}
    assert not counted & {"autotimeline.model", "autotimeline.index.builder", "autotimeline.quantities.parse"}


@pytest.mark.parametrize("command", ["list", "timeline"])
def test_the_light_door_loads_no_typer(warm, command: str):
    modules = warm(COMMAND_LINE, "-f", str(program.STORY), command, "since:2023", "--fields", "id,title", "-O", "csv")
    assert not packages(modules) & {"typer", "rich"}
    assert not modules & {"dataclasses", "typing", "inspect", "autotimeline.cli.typer_app"}


def load_after_write(warm, tmp_path: Path) -> set[str]:
    """Return the modules that a query loads whose store was just written."""
    path = tmp_path / "facts.toml"
    path.write_bytes(program.STORY.read_bytes())
    warm(COMMAND_LINE, "-f", str(path), "set", "leapmotor-deal", "note=Changed", expected="")
    return warm(COMMAND_LINE, "-f", str(path), "list", "-O", "plain")


def test_a_query_after_a_write_hashes_the_store_and_loads_no_builder(warm, tmp_path):
    modules = load_after_write(warm, tmp_path)
    assert "autotimeline.index.update" in modules
    assert not modules & {"autotimeline.index.builder", "autotimeline.store.chunks", "typing", "re"}


# Completion and `--help` load all commands, and the others load what a question needs.
STARTS = (
    "list",
    "list -O json",
    "list -O jsonl",
    "list -O csv since:2023",
    "list -O tsv",
    "timeline",
    "show leapmotor-deal",
    "names actors",
    "count",
    "chart",
    "figures",
)


def test_only_modules_that_a_start_loads_hide_imports_from_it(warm, tmp_path):
    started = load_after_write(warm, tmp_path).union(
        *(warm(COMMAND_LINE, "-f", str(program.STORY), *words.split(), expected="") for words in STARTS)
    )
    package = program.TOP / "src"
    hiding = {
        ".".join(module.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        for module in package.rglob("*.py")
        if re.search("^(from __future__|if TYPE_CHECKING)", module.read_text("utf-8"), re.MULTILINE)
    }
    assert {name for name in hiding - started if not name.startswith("autotimeline.cli.")} == set()


STATEMENT = re.compile(r"\b(SELECT\s.*\bFROM|INSERT INTO|DELETE FROM|UPDATE\s+\w+\s+SET|CREATE TABLE)\b", re.DOTALL)


def runs_sql(module: Path) -> bool:
    """Whether a module has the text of a statement, or executes one."""
    nodes = list(ast.walk(ast.parse(module.read_bytes())))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    methods = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return any(map(STATEMENT.search, texts)) or bool(methods & {"execute", "executemany", "executescript"})


def test_only_the_engines_the_index_the_lake_the_query_the_reports_and_the_export_to_sqlite_have_sql():
    package = program.TOP / "src/autotimeline"
    modules = {module.relative_to(package).as_posix() for module in package.rglob("*.py") if runs_sql(module)}
    assert {module.partition("/")[0] for module in modules - {"exports/sqlite.py"}} == {
        "engines",
        "index",
        "lake",
        "query",
        "reports",
    }


# The underscore of the first four avoids the names of fields; tomlkit has no public way to insert a key after another.
EXEMPT_MEMBERS = {"_replace", "_asdict", "_fields", "_make", "_insert_after"}


def test_private_members_are_private():
    """No module uses a private member of something that it does not define itself."""
    foreign = []
    for path in sorted(Path(api.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr.startswith("_")]
        own |= {node.attr for node in attributes if isinstance(node.ctx, ast.Store)} | EXEMPT_MEMBERS
        for node in attributes:
            is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not is_own and node.attr not in own and not node.attr.endswith("__"):
                foreign.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert foreign == []
