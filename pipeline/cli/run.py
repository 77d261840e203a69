"""`meo run`: a corpus in, a run folder out."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.building import LEXICON_HELP, Build, BuildError
from pipeline.cli.shared import CORPUS_HELP, console, usage_errors

if TYPE_CHECKING:
    from pipeline.batch.engine import Engine
    from pipeline.batch.events import Hear
    from pipeline.batch.work import Job

# The exit code of a run that could not be finished, as where the disk is full.
UNFINISHED = 3


# The options, in the order in which they are shown.
_Corpus = Annotated[Path, typer.Argument(help=CORPUS_HELP)]
_Out = Annotated[Path, typer.Option(help="The run folder to write; where a run is there already, to go on with.")]
_Workers = Annotated[int | None, typer.Option(min=1, help="Processes; as many as there are cores if left out.")]
_Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Read on the workers of a Dask scheduler, such as tcp://host:8786."),
]
_Shard = Annotated[
    str | None, typer.Option(metavar="I/N", help="Read one of N parts of the corpus, for `meo merge` to put together.")
]
_Disable = Annotated[
    list[str] | None,
    typer.Option(help="A frame, a recogniser, the tagger or the judge to leave out; may be repeated."),
]
_Lexicon = Annotated[list[str] | None, typer.Option(metavar="FOLDER", help=LEXICON_HELP)]
_IdColumn = Annotated[
    str | None,
    typer.Option(help="The field of .jsonl, or column of .csv and .tsv, with a paper's id; `id` if left out."),
]
_TextColumn = Annotated[str | None, typer.Option(help="The field or column with a paper's text; `text` if left out.")]
_MaxBytes = Annotated[
    int | None,
    typer.Option(min=1, help="Refuse larger files; they may expand to four times that. 100,000,000 if left out."),
]
_MaxPages = Annotated[int | None, typer.Option(min=1, help="Refuse longer PDF files; 2,000 if left out.")]
_Timeout = Annotated[float | None, typer.Option(min=0.01, help="Seconds that one document may take; 300 if left out.")]
_MaxMemory = Annotated[
    int | None, typer.Option(min=1, help="Megabytes of memory that a worker may take; 2,000 if left out.")
]
_Force = Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things, too.")]
_Restart = Annotated[bool, typer.Option("--restart", help="Keep nothing of an earlier run in the folder.")]
_Quiet = Annotated[bool, typer.Option("--quiet", help="Show errors only.")]
_LogFile = Annotated[
    Path | None, typer.Option(help="A file to add JSON lines to: one a document, and how the run begins and ends.")
]


def run(
    corpus: _Corpus,
    out: _Out,
    workers: _Workers = None,
    cluster: _Cluster = None,
    shard: _Shard = None,
    disable: _Disable = None,
    lexicon: _Lexicon = None,
    id_column: _IdColumn = None,
    text_column: _TextColumn = None,
    max_bytes: _MaxBytes = None,
    max_pages: _MaxPages = None,
    timeout: _Timeout = None,
    max_memory: _MaxMemory = None,
    force: _Force = False,
    restart: _Restart = False,
    quiet: _Quiet = False,
    log_file: _LogFile = None,
) -> None:
    """Read every document of a corpus and write mentions and triples to a run folder, or go on with the run that is there."""
    from pipeline.batch.containers import COLUMNS, Columns
    from pipeline.batch.corpus import CorpusError, Shard
    from pipeline.batch.engine import EngineError
    from pipeline.batch.folder import OutputError
    from pipeline.batch.run import UnfinishedError, run_corpus
    from pipeline.batch.work import BOUNDS, Bounds
    from pipeline.cli.progress import listening
    from pipeline.cli.summary import print_summary
    from pipeline.readers import limits_for
    from pipeline.schema import Settings

    build = Build(tuple(disable or ()), tuple(lexicon or ()))
    with (
        usage_errors(CorpusError, OutputError, BuildError),
        listening(console(stderr=True), log_file, quiet=quiet) as hear,
        _stopping(out, hear, EngineError, UnfinishedError),
    ):
        finished = run_corpus(
            build,
            corpus,
            out,
            Settings(corpus.as_posix(), sorted(build.disable), build.user_lexicons()),
            limits=limits_for(max_bytes, max_pages),
            columns=Columns(id_column or COLUMNS.id, text_column or COLUMNS.text),
            bounds=Bounds(timeout or BOUNDS.seconds, max_memory or BOUNDS.memory),
            shard=Shard.parse(shard) if shard else None,
            workers=workers,
            engine=_engine(cluster),
            force=force,
            restart=restart,
            hear=hear,
        )
    if not quiet:
        print_summary(console(), finished, out)
    if finished.sums.failures:
        raise typer.Exit(1)


def _engine(cluster: str | None) -> Callable[[Job, int], Engine]:
    """Return what reads the documents: processes of this machine, or a cluster."""
    from pipeline.batch.engine import EngineError, Workers

    if cluster is None:
        return Workers
    try:
        from pipeline.batch.cluster import Cluster
    except ImportError as error:
        raise EngineError("--cluster needs Dask; install it with: pip install 'meo-pipeline[cluster]'") from error
    return lambda job, _: Cluster(job, cluster)


class _Terminated(KeyboardInterrupt):
    """The system asks to stop."""


@contextmanager
def _stopping(out: Path, hear: Hear, *kinds: type[Exception]) -> Iterator[None]:
    """Stop at SIGINT and SIGTERM, and at errors that leave a run unfinished; say how to go on."""
    from pipeline.batch.events import RunStopped

    def terminate(*_: object) -> None:
        raise _Terminated

    usual = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except KeyboardInterrupt as error:
        number = signal.SIGTERM if isinstance(error, _Terminated) else signal.SIGINT
        hear(RunStopped(out.as_posix(), number.name))
        typer.secho(f"meo: stopped; what is read is kept, and the same command goes on with {out}", err=True)
        raise typer.Exit(128 + number) from error
    except kinds as error:
        hear(RunStopped(out.as_posix(), str(error)))
        typer.secho(f"meo: {error}", fg="red", err=True)
        raise typer.Exit(UNFINISHED) from error
    finally:
        signal.signal(signal.SIGTERM, usual)
