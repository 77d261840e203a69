"""The run folder on disk: one run at a time has it, and nobody ever takes half a run for a whole one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline import model
from pipeline.batch.ledger import Row
from pipeline.batch.work import Statement, Tally, unpack
from pipeline.schema import LEDGER, MANIFEST, TABLES, Run, is_run, table_path

# The most frequent statements that a summary shows.
_MOST_FREQUENT = 15
_FAILURES = 20
# Who asks whether a run goes on has the lock for a moment, too.
_TRIES, _PAUSE = 4, 0.1


class OutputError(ValueError):
    """The run cannot be written there; the message says why and what to do."""


def check_output(out: Path, *, force: bool) -> None:
    """Tell whether a run may be written to `out`.

    Raises:
        OutputError: where `out` is a file, or a folder with other things than a run in it and not `force`.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; give a folder for --out")
    ours = is_run(out) or (out / LEDGER).is_file()
    if out.is_dir() and any(out.iterdir()) and not ours and not force:
        raise OutputError(
            f"{out} holds other things than a run; give another --out, or --force to write the run's files among them"
        )


@contextmanager
def claimed(out: Path, *, force: bool) -> Iterator[None]:
    """Have a run folder for oneself; one that is new and stays empty is gone afterwards.

    The kernel gives the lock back however the process ends.

    Raises:
        OutputError: see `check_output`; where another run has the folder.
    """
    check_output(out, force=force)
    new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise OutputError(f"{out} cannot be made or opened ({error.strerror}); give another --out") from error
    try:
        if not _lock(lock, out):
            raise OutputError(
                f"another run writes to {out}; see it with: meo status {out}, wait for its end, or give another --out"
            )
        yield
    finally:
        os.close(lock)
        if new:
            with suppress(OSError):
                out.rmdir()


def _lock(lock: int, out: Path) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError as error:
            raise OutputError(f"{out} cannot be locked ({error.strerror}); give an --out on a local disk") from error
        else:
            return True
    return False


def is_claimed(out: Path) -> bool:
    """Tell whether a run has the folder now."""
    lock = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


@dataclass
class Sums:
    """Sums over all documents; of statements and failures, the first that a summary shows."""

    documents: int = 0
    failures: int = 0
    characters: int = 0
    sentences: int = 0
    mentions: int = 0
    triples: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    statements: list[tuple[Statement, int]] = field(default_factory=list)
    failed: list[model.Failure] = field(default_factory=list)

    def add(self, tally: Tally) -> None:
        """Add the sums of a document."""
        self.documents += 1
        self.characters += tally.characters
        self.sentences += tally.sentences
        self.mentions += tally.mentions
        self.triples += tally.triples
        self.relations.update(tally.relations)
        self.stages.update(tally.stages)


class _Frequencies:
    """Counts statements outside of memory, in a database that is gone when it is closed."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE counts (statement TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def add(self, statements: Iterable[tuple[Statement, int]]) -> None:
        rows = [(msgspec.json.encode(statement).decode(), times) for statement, times in statements]
        self._db.executemany(
            "INSERT INTO counts VALUES (?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times", rows
        )

    def most(self, number: int) -> list[tuple[Statement, int]]:
        rows = self._db.execute("SELECT * FROM counts ORDER BY times DESC, statement LIMIT ?", (number,))
        return [(msgspec.json.decode(statement, type=Statement), times) for statement, times in rows]

    def close(self) -> None:
        self._db.close()


def write_run(out: Path, rows: Iterable[Row], manifest: Callable[[Sums], Run]) -> tuple[Run, Sums]:
    """Write tables and run.json; what stood there stays until the tables are whole on the disk.

    A folder that lacks run.json is no run, which is so from the first table that is replaced to the last.
    """
    parts = {table: out / f".{table}.part" for table in (*TABLES, MANIFEST)}
    try:
        with ExitStack() as stack:
            files = {table: stack.enter_context(parts[table].open("wb")) for table in TABLES}
            sums = _write_tables(files, rows)
            for file in files.values():
                _sync(file)
        run = manifest(sums)
        with parts[MANIFEST].open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")
            _sync(file)
        (out / MANIFEST).unlink(missing_ok=True)
        _sync_folder(out)
        for table in TABLES:
            parts[table].replace(table_path(out, table))
        _sync_folder(out)
        parts[MANIFEST].replace(out / MANIFEST)
        _sync_folder(out)
    finally:
        for path in parts.values():
            path.unlink(missing_ok=True)
    return run, sums


def _write_tables(files: Mapping[str, BinaryIO], rows: Iterable[Row]) -> Sums:
    sums, encoder = Sums(), msgspec.json.Encoder()
    with closing(_Frequencies()) as frequencies:
        for row in rows:
            if row.packed is None:
                failure = model.Failure(row.doc_id, row.path, row.stage or "", row.error or "")
                files["failures"].write(encoder.encode_lines([failure]))
                sums.failures += 1
                sums.failed += [failure][: _FAILURES - len(sums.failed)]
                continue
            result = unpack(row.packed)
            files["documents"].write(result.documents)
            files["mentions"].write(result.mentions)
            files["triples"].write(result.triples)
            sums.add(result.tally)
            frequencies.add(result.tally.statements)
        sums.statements = frequencies.most(_MOST_FREQUENT)
    return sums


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Let renamings in a folder reach the disk before what follows."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
