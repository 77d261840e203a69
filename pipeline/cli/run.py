"""`meo run`: a corpus in, a run folder out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import LEXICON_HELP, Build, BuildError
from pipeline.cli.shared import CORPUS_HELP, console, usage_errors

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.batch.work import Tally

Hear = Callable[[int, int, "Tally"], None]


def run(
    corpus: Annotated[Path, typer.Argument(help=CORPUS_HELP)],
    out: Annotated[Path, typer.Option(help="The run folder to write.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as there are cores if left out.")
    ] = None,
    disable: Annotated[
        list[str] | None,
        typer.Option(help="A frame, a recogniser, the tagger or the judge to leave out; may be repeated."),
    ] = None,
    lexicon: Annotated[list[str] | None, typer.Option(metavar="FOLDER", help=LEXICON_HELP)] = None,
    id_column: Annotated[
        str | None,
        typer.Option(help="The field of .jsonl, or column of .csv and .tsv, with a paper's id; `id` if left out."),
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="The field or column with a paper's text; `text` if left out.")
    ] = None,
    max_bytes: Annotated[
        int | None,
        typer.Option(min=1, help="Refuse larger files; they may expand to four times that. 100,000,000 if left out."),
    ] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="Refuse longer PDF files; 2,000 if left out.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things, too.")] = False,
) -> None:
    """Read every document of a corpus and write mentions and triples to a run folder."""
    from pipeline.batch.containers import COLUMNS, Columns
    from pipeline.batch.corpus import CorpusError
    from pipeline.batch.folder import OutputError
    from pipeline.batch.run import run_corpus
    from pipeline.cli.summary import print_summary
    from pipeline.readers import limits_for
    from pipeline.schema import Settings

    build = Build(tuple(disable or ()), tuple(lexicon or ()))
    with usage_errors(CorpusError, OutputError, BuildError), _progress(console(stderr=True)) as progress:
        settings = Settings(corpus.as_posix(), sorted(build.disable), build.user_lexicons())
        finished = run_corpus(
            build,
            corpus,
            out,
            settings,
            limits=limits_for(max_bytes, max_pages),
            columns=Columns(id_column or COLUMNS.id, text_column or COLUMNS.text),
            workers=workers,
            force=force,
            progress=progress,
        )
    print_summary(console(), finished, out)
    if finished.tally.failures:
        raise typer.Exit(1)


@contextmanager
def _progress(screen: Console) -> Iterator[Hear]:
    """Show a bar on a terminal, else a line for every tenth of the documents."""
    if not screen.is_terminal:
        yield _lines(screen)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, TextColumn("{task.fields[found]}"), console=screen, transient=True) as bar:
        task = bar.add_task("starting", total=None, found="")

        def show(done: int, total: int, tally: Tally) -> None:
            found = f"{tally.triples:,} triples" + (f", {len(tally.failures)} failed" if tally.failures else "")
            bar.update(task, description="reading", completed=done, total=total, found=found)

        yield show


def _lines(screen: Console) -> Hear:
    def show(done: int, total: int, tally: Tally) -> None:
        if done and (done * 10 // total > (done - 1) * 10 // total):
            screen.print(f"{done} of {total} documents, {tally.triples} triples, {len(tally.failures)} failed")

    return show
