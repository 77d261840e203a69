"""A whole run: every document of a corpus read and written, failures told, sums drawn."""

from __future__ import annotations

import os
import pickle
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline import __version__, model, schema
from pipeline.batch.containers import COLUMNS, Columns
from pipeline.batch.corpus import STDIN, Input, Shard, find_inputs
from pipeline.batch.engine import Engine, Workers, cores
from pipeline.batch.events import DocumentRead, Hear, RunFinished, RunStarted
from pipeline.batch.folder import Sums, claimed, write_run
from pipeline.batch.ledger import Ledger, Session
from pipeline.batch.work import BOUNDS, Bounds, Build, Job
from pipeline.readers import LIMITS, Limits
from pipeline.tables import resource

# The packages that decide what a run finds.
_PACKAGES = ("ahocorasick_rs", "chardet", "jieba", "lxml", "msgspec", "numpy", "OpenCC", "pypdfium2", "spacy")


class UnfinishedError(RuntimeError):
    """The run cannot go on; the message says why, and what to do so that it can."""


class Finished(NamedTuple):
    """A run that is written: its manifest, and sums that only the summary needs."""

    run: schema.Run
    sums: Sums


def run_corpus(
    build: Build,
    corpus: Path,
    out: Path,
    settings: schema.Settings | None = None,
    *,
    limits: Limits = LIMITS,
    columns: Columns = COLUMNS,
    bounds: Bounds = BOUNDS,
    shard: Shard | None = None,
    workers: int | None = None,
    engine: Callable[[Job, int], Engine] = Workers,
    force: bool = False,
    restart: bool = False,
    hear: Hear = lambda _: None,
) -> Finished:
    """Read every document of `corpus` and write the run folder `out`, or go on with the run that is there.

    What an earlier run has read is kept, unless `restart`, where path and bytes are the same and nothing else has changed that decides
    what is found. `settings` tell the manifest how `build` builds; the other options are added to them. `workers` is at most the number
    of documents, and where None as many as there are cores; a `shard` of the corpus may be read alone. The bytes of the tables depend
    neither on the workers nor on what was kept. `hear` is told how it goes.

    Raises:
        CorpusError: where there is nothing to read.
        OutputError: where the run may not be written to `out`, or another run writes there.
        EngineError: where workers cannot do their work.
        UnfinishedError: where `out` cannot be written any more.
    """
    began = time.time()
    with claimed(out, force=force), _inputs(corpus, limits, columns, shard) as inputs, _told(out):
        job = Job(build, limits, bounds)
        with engine(job, max(1, min(workers or cores(), len(inputs)))) as readers:
            digest = readers.ready()
            with closing(_open(out / schema.LEDGER, restart=restart)) as ledger:
                plan = ledger.plan(inputs, _decisive(job, columns, digest))
                inputs.clear()
                ledger.begin(Session(os.getpid(), readers.workers, began))
                hear(RunStarted(out.as_posix(), *plan, workers=readers.workers))
                _read_all(readers, ledger, hear)
                asked = _asked(settings or schema.Settings(corpus.as_posix(), []), job, columns, shard)
                run, sums = write_run(out, ledger.rows(), lambda sums: manifest_of(asked, digest, sums, ledger))
                ledger.end()
        hear(RunFinished(out.as_posix(), sums.documents, sums.failures, sums.triples, run.timings.seconds))
    return Finished(run, sums)


def _read_all(readers: Engine, ledger: Ledger, hear: Hear) -> None:
    """Read what is planned; what was lost on the way is read once more at the end, alone."""
    for again in (False, True):
        for answer in readers.run(ledger.tasks(again=again), alone=again):
            state = ledger.record(answer)
            hear(
                DocumentRead(
                    answer.doc_id,
                    answer.path,
                    state,
                    round(answer.seconds, 3),
                    answer.characters,
                    answer.triples,
                    answer.stage,
                    answer.error,
                )
            )


def _asked(settings: schema.Settings, job: Job, columns: Columns, shard: Shard | None) -> schema.Settings:
    return msgspec.structs.replace(
        settings,
        max_bytes=job.limits.size,
        max_pages=job.limits.pages,
        id_column=columns.id,
        text_column=columns.text,
        timeout=job.bounds.seconds,
        max_memory=job.bounds.memory,
        shard=f"{shard.number}/{shard.of}" if shard else None,
    )


@contextmanager
def _inputs(corpus: Path, limits: Limits, columns: Columns, shard: Shard | None) -> Iterator[list[tuple[int, Input]]]:
    """Give papers of a corpus with their places in it; standard input goes to a file, as a worker has none."""
    inputs = [
        (place, item)
        for place, item in enumerate(find_inputs(corpus, limits, columns))
        if shard is None or shard.holds(item.doc_id)
    ]
    if corpus != STDIN:
        yield inputs
        return
    with tempfile.NamedTemporaryFile(prefix="meo-") as spool:
        spool.write(sys.stdin.buffer.read(limits.size + 1))
        spool.flush()
        yield [(place, item._replace(file=Path(spool.name))) for place, item in inputs]


def _open(path: Path, *, restart: bool) -> Ledger:
    if restart:
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
    return Ledger(path)


def _decisive(job: Job, columns: Columns, lexicon_digest: str) -> dict[str, str]:
    """Return digests of all that decides what is found in a paper, by the names that people are told when one changes."""
    package = Path(__file__).parents[1]
    files = [*package.rglob("*.py"), *(path for path in resource("").rglob("*") if path.is_file())]
    program = sha256()
    for path in sorted(files):
        program.update(path.read_bytes() + b"\0")
    parts = {
        "lexicon": lexicon_digest,
        "options": repr((job.limits, columns)) + pickle.dumps(job.build, protocol=5).hex(),
        "packages": repr(sorted(_packages().items())) + platform.python_version(),
        "program": program.hexdigest(),
    }
    return {name: sha256(part.encode()).hexdigest() for name, part in parts.items()}


def _packages() -> dict[str, str]:
    return {package: version(package) for package in _PACKAGES}


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Tell what keeps the run from being written."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            told = f"{out / schema.LEDGER} is damaged ({error}); --restart reads the corpus anew"
        else:
            why = error.strerror if isinstance(error, OSError) else error
            told = f"the run in {out} cannot go on ({why}); free some space, and give the command again: it goes on from there"
        raise UnfinishedError(told) from error


def manifest_of(settings: schema.Settings, digest: str, sums: Sums, ledger: Ledger) -> schema.Run:
    """Return the manifest of a run that its ledger tells of."""
    session, figures = ledger.session(), ledger.figures()
    now = time.time()
    seconds = now - session.began
    return schema.Run(
        schema_version=model.SCHEMA_VERSION,
        versions=schema.Versions(pipeline=__version__, python=platform.python_version(), packages=_packages()),
        settings=settings,
        lexicon_digest=digest,
        counts=schema.Counts(
            documents=sums.documents,
            failures=sums.failures,
            characters=sums.characters,
            sentences=sums.sentences,
            mentions=sums.mentions,
            triples=sums.triples,
            relations=dict(sorted(sums.relations.items(), key=lambda pair: (-pair[1], pair[0]))),
            kept=figures.kept,
            retried=figures.retried,
        ),
        timings=schema.Timings(
            seconds=round(seconds, 3),
            workers=session.workers,
            stages={stage: round(spent, 4) for stage, spent in sums.stages.items()},
            documents_per_second=round(figures.read / seconds, 3),
            characters_per_second=round(figures.characters / seconds, 1),
        ),
        started=_iso(session.began),
        finished=_iso(now),
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
