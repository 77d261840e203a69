"""Several finished runs put together as one, as if it had read all of their documents."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from pipeline import schema
from pipeline.batch.corpus import Shard
from pipeline.batch.folder import claimed, write_run
from pipeline.batch.ledger import Ledger, Session
from pipeline.batch.run import Finished, manifest_of
from pipeline.schema import LEDGER, RunError, read_run


class MergeError(ValueError):
    """The runs cannot be put together; the message says why."""


def merge_runs(runs: Sequence[Path], out: Path, *, force: bool = False) -> Finished:
    """Write the documents of several runs to the run folder `out`; `meo run` goes on with it as with any other.

    Shards of one corpus come in its order, and must be complete; other runs come one behind the other.

    Raises:
        RunError: where one is not finished, or cannot be read.
        MergeError: where they were not made with the same version, lexicon and options, a shard is missing, or two hold one document.
        OutputError: where the run may not be written to `out`.
    """
    began = time.time()
    manifests = [read_run(run) for run in runs]
    settings = _common(runs, manifests)
    are_shards = _are_shards(runs, manifests)
    with claimed(out, force=force):
        part = out / f".{LEDGER}.part"
        try:
            with closing(Ledger(part)) as ledger:
                for each in runs:
                    _adopt(ledger, each, behind=not are_shards)
                ledger.begin(Session(os.getpid(), 1, began))
                digest = manifests[0].lexicon_digest or ""
                run, sums = write_run(out, ledger.rows(), lambda sums: manifest_of(settings, digest, sums, ledger))
                ledger.end()
            part.replace(out / LEDGER)
        finally:
            for rest in out.glob(f"{part.name}*"):
                rest.unlink()
    return Finished(run, sums)


def _common(runs: Sequence[Path], manifests: Sequence[schema.Run]) -> schema.Settings:
    """Return the settings of all runs; what they read may differ."""

    def made(run: schema.Run) -> dict[str, object]:
        settings = msgspec.structs.asdict(msgspec.structs.replace(run.settings, corpus="", shard=None))
        return settings | {"versions": run.versions, "lexicon": run.lexicon_digest}

    first = made(manifests[0])
    for path, run in zip(runs, manifests, strict=True):
        differing = sorted(name for name, value in made(run).items() if value != first[name])
        if differing:
            raise MergeError(f"{path} and {runs[0]} differ in {', '.join(differing)}; run them again in the same way")
    corpora = dict.fromkeys(run.settings.corpus for run in manifests)
    return msgspec.structs.replace(manifests[0].settings, corpus=" ".join(corpora), shard=None)


def _are_shards(runs: Sequence[Path], manifests: Sequence[schema.Run]) -> bool:
    """Tell whether all runs are the shards of one corpus."""
    told = {(run.settings.corpus, run.settings.shard) for run in manifests}
    shards = [Shard.parse(shard) for _, shard in told if shard]
    if not shards:
        return False
    if len({corpus for corpus, _ in told}) > 1 or len({shard.of for shard in shards}) > 1 or len(shards) < len(told):
        raise MergeError(
            f"{', '.join(map(str, runs))} are not the shards of one corpus; merge these first, then the others"
        )
    missing = sorted(set(range(1, shards[0].of + 1)) - {shard.number for shard in shards})
    if missing:
        raise MergeError(f"of {shards[0].of} shards these are missing: {', '.join(map(str, missing))}")
    return True


def _adopt(ledger: Ledger, run: Path, *, behind: bool) -> None:
    if not (run / LEDGER).is_file():
        raise RunError(f"{run} holds no {LEDGER}; run the corpus again with this version of meo")
    try:
        ledger.adopt(run / LEDGER, behind=behind)
    except ValueError as error:
        raise MergeError(
            f"{run} holds the document {error}, as a run before it does; give each document once"
        ) from error
    except sqlite3.Error as error:
        raise RunError(f"{run / LEDGER} cannot be read ({error}); run the corpus again") from error
