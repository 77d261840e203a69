"""A whole run: every document of a corpus read and written, failures told, sums drawn."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline import __version__, model, schema
from pipeline.batch.containers import COLUMNS, Columns
from pipeline.batch.corpus import find_inputs
from pipeline.batch.engine import cores, process_all
from pipeline.batch.folder import check_output, open_run
from pipeline.batch.work import Build, Tally
from pipeline.readers import LIMITS, Limits

# The packages that decide what a run finds.
_PACKAGES = ("ahocorasick_rs", "jieba", "msgspec", "OpenCC", "spacy")


class Finished(NamedTuple):
    """A run that is written: its manifest, and sums that only the summary needs."""

    run: schema.Run
    tally: Tally


def run_corpus(
    build: Build,
    corpus: Path,
    out: Path,
    settings: schema.Settings | None = None,
    *,
    limits: Limits = LIMITS,
    columns: Columns = COLUMNS,
    workers: int | None = None,
    force: bool = False,
    progress: Callable[[int, int, Tally], None],
) -> Finished:
    """Read every document of `corpus` and write the run folder `out`.

    `settings` tell the manifest how `build` builds; `limits` and `columns` are added to them. `workers` is at most
    the number of documents, and where None as many as there are cores. The bytes of the tables do not depend on it. `progress`
    hears of every document: how many are done, how many there are, the sums so far.

    Raises:
        CorpusError: where there is nothing to read.
        OutputError: where the run may not be written to `out`.
    """
    started, clock = _now(), time.perf_counter()
    check_output(out, force=force)
    inputs = find_inputs(corpus, limits, columns)
    workers = max(1, min(workers or cores(), len(inputs)))
    tally = Tally()
    with open_run(out, force=force) as writer:
        progress(0, len(inputs), tally)
        for done, written in enumerate(process_all(build, inputs, workers, limits), 1):
            writer.add(written.tables)
            tally.add(written.tally)
            progress(done, len(inputs), tally)
        run = schema.Run(
            schema_version=model.SCHEMA_VERSION,
            versions=schema.Versions(
                pipeline=__version__,
                python=platform.python_version(),
                packages={package: version(package) for package in _PACKAGES},
            ),
            settings=msgspec.structs.replace(
                settings or schema.Settings(corpus=corpus.as_posix(), disabled=[]),
                max_bytes=limits.size,
                max_pages=limits.pages,
                id_column=columns.id,
                text_column=columns.text,
            ),
            lexicon_digest=tally.lexicon_digest,
            counts=_counts(tally),
            timings=schema.Timings(
                seconds=round(time.perf_counter() - clock, 3),
                workers=workers,
                stages={stage: round(seconds, 4) for stage, seconds in tally.stages.items()},
            ),
            started=started,
            finished=_now(),
        )
        writer.finish(run)
    return Finished(run, tally)


def _counts(tally: Tally) -> schema.Counts:
    return schema.Counts(
        documents=tally.documents,
        failures=len(tally.failures),
        characters=tally.characters,
        sentences=tally.sentences,
        mentions=tally.mentions,
        triples=tally.triples,
        relations=dict(sorted(tally.relations.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
