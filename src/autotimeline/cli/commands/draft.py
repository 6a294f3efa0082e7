"""`autotimeline draft`."""

from __future__ import annotations

import os

from autotimeline.cli import options, write_commands
from autotimeline.cli.commands import Command, Environment, Request
from autotimeline.errors import AutotimelineError, UsageError, error_reason
from autotimeline.store.locate import STDIN
from autotimeline.text import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autotimeline.drafting.article import Article
    from autotimeline.drafting.proposals import ProposalSet, Proposer
    from autotimeline.drafting.sources import ArticleSource
    from autotimeline.editing.transaction import FileChanges
    from autotimeline.importing.plan import ImportPlan


def _run(request: Request, environment: Environment) -> int:
    from autotimeline.cli import run_query
    from autotimeline.drafting.article import read_article
    from autotimeline.drafting.proposals import TAKEN, Proposer
    from autotimeline.drafting.sources import find_copy, resolve_source

    name, take, answer = request.required(ARTICLE), request.text(TAKE) or "numbers", request.text(FROM)
    format_name = request.text(FORMAT) or "toml"
    if take not in TAKEN:
        raise UsageError(f'--take "{take}": write {", ".join(TAKEN)}')
    if format_name not in FORMATS:
        raise UsageError(f'-O "{format_name}": write {", ".join(FORMATS)}')
    if name == answer == STDIN:
        raise UsageError("standard input can be read once; name a file for the article or for --from")
    if request.flag(EDIT) and (request.flag(PROMPT) or request.text(FORMAT)):
        raise UsageError("--edit: excludes --prompt and -O; remove them")
    with run_query.open_store(request, environment) as timeline:
        selection = timeline.select()
        copy = find_copy(selection, name)
        article = read_article(_read(copy.path if copy else name, environment), name)
        source = resolve_source(selection, article, name, request.text(SOURCE), request.text(PUBLISHED), copy)
        for message in source.messages:
            environment.error(message)
        proposer = Proposer(article, source.published, selection, source.id)
        if request.flag(PROMPT):
            from autotimeline.drafting.render import to_prompt

            with environment.open_output() as out:
                out.write(to_prompt(proposer))
            return 0
        result, refused = _propose(proposer, take, answer, environment)
        source.drop_unverified_quotes(result, timeline.files)
        if path := request.text(COPY):
            _save_copy(path, article, source, list(timeline.files), environment)
        if result.cited_count:
            environment.error(f"{name}: {format_count(result.cited_count, 'sentence')} skipped, quoted in the store")
        if not result.proposals:
            environment.error(f"{name}: no proposals")
            return 1
        return max(_write(result, source, format_name, request, environment), int(refused > 0))


def _propose(proposer: Proposer, take: str, answer: str | None, environment: Environment) -> tuple[ProposalSet, int]:
    """Return the proposals of the article, or the verified ones of an answer with the number of refused ones."""
    from autotimeline.drafting.proposals import MAX_SENTENCE

    if answer is None:
        if not proposer.article.is_english:
            environment.error("the text is not in English; no sentence is read")
        if count := proposer.skipped_count:
            environment.error(f"{format_count(count, 'passage')} of more than {MAX_SENTENCE:,} characters skipped")
        return proposer.propose(take), 0
    from autotimeline.drafting.answer import read_answer
    from autotimeline.drafting.verify import Verifier

    verifier = Verifier(proposer)
    result = verifier.verify(read_answer(_read(answer, environment), answer))
    for message in verifier.messages:
        environment.error(message)
    return result, verifier.refused_count


def _read(name: str, environment: Environment) -> bytes:
    from autotimeline.drafting.article import MAX_BYTES

    try:
        if name == STDIN:
            return bytes(environment.require_stdin().read(MAX_BYTES + 1))
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise AutotimelineError(f"{name}: {error_reason(error)}") from None


def _save_copy(
    path: str, article: Article, source: ArticleSource, store_files: list[str], environment: Environment
) -> None:
    """Save the text of the article to a new file, and name it in the source."""
    source.set_copy(path, store_files)
    if os.path.lexists(path):
        if _read(path, environment) == article.text.encode():
            return
        raise AutotimelineError(f"--copy {path}: exists with another text; name another file")
    with environment.open_output(path, store_files, must_be_new=True) as out:
        out.write(article.text)


def _write(
    result: ProposalSet, source: ArticleSource, format_name: str, request: Request, environment: Environment
) -> int:
    from autotimeline.drafting.render import TABLE_FIELDS, to_table, to_toml

    if request.flag(EDIT):
        return _edit_and_import(to_toml(result, source.new_block()), request, environment)
    if format_name == "toml":
        from autotimeline.text import escape_control

        text = to_toml(result, source.new_block())
        with environment.open_output() as out:
            out.write(escape_control(text, keep="\n\t") if environment.stdout_is_tty() else text)
        return 0
    from autotimeline import formats, plugins
    from autotimeline.cli import run_query

    table = to_table(result)
    table = table.arrange(TABLE_FIELDS) if format_name == "table" else table
    run_query.write_table(table, plugins.load(formats, format_name), request, environment, ())
    return 0


def _edit_and_import(draft: str, request: Request, environment: Environment) -> int:
    """Let the user edit the draft, and import all of it or nothing."""
    from autotimeline.cli.editor import edit_until_accepted
    from autotimeline.importing.import_options import ImportOptions
    from autotimeline.importing.load import load_files
    from autotimeline.importing.plan import ImportPolicy
    from autotimeline.importing.run import run_import

    name = "draft.toml"
    with write_commands.open_writer(request, environment, "draft", request.required(ARTICLE)) as writer:
        writer.preview(lambda draft: None)

        def accept(text: str) -> tuple[FileChanges, ImportPlan]:
            loaded = load_files([(name, text.encode(), None)], ImportOptions())
            return run_import(loaded, ImportPolicy(target_file=request.text(write_commands.INTO)), writer)

        files, plan = edit_until_accepted(environment, name, draft, accept)
    return write_commands.report_added(request, environment, files, plan)


FORMATS = ("toml", "jsonl", "table")
PUBLISHED = options.Option("--published", "The day of publication, such as 2025-10-28.", "DATE")
SOURCE = options.Option("--source", "The source to cite; by default, the one with the article's title.", "ID", "source")
TAKE = options.Option("--take", "The sentences: dated, numbers (default), or all.", "WHICH")
COPY = options.Option("--copy", "Save the text to a new file beside the store, for `check`.", "FILE")
EDIT = options.Option("--edit", "Edit the draft, and import it.")
PROMPT = options.Option("--prompt", "Print a prompt for a language model, and stop.")
FROM = options.Option(
    "--from", "Verify the proposals in a model's answer; - for standard input.", "FILE", name="answer"
)
FORMAT = options.Option("-O --format", "Choose the format: toml (default), jsonl, or table.", "FORMAT")
ARTICLE = options.Argument(
    "article",
    "ARTICLE",
    "A file (text, HTML, or PDF), a source with a copy, or - for standard input.",
    min_count=1,
    max_count=1,
)
COMMAND = Command(
    "Propose events from an article.",
    _run,
    (*options.STORE_OPTIONS, write_commands.INTO, PUBLISHED, SOURCE, TAKE, COPY, EDIT, PROMPT, FROM, FORMAT),
    (ARTICLE,),
)
