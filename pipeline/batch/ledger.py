"""The ledger of a run: one row a document, what it gave, and what decides the bytes of the tables.

It is an SQLite database, and the one truth while a run goes on and after it. A document is written down in one transaction, so a kill, a
full disk or a power cut leaves it done or not done. Write-ahead logging with `synchronous=NORMAL` keeps that promise
without waiting for the disk at each document: what a power cut takes are the last ones, whole, which are read again.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.batch.containers import Step
from pipeline.batch.corpus import Input
from pipeline.batch.work import Answer, State, Task

VERSION = 1
# Rows that are written or fetched at once.
_CHUNK = 500
_SCHEMA = """
CREATE TABLE session (process INTEGER, workers INTEGER, began REAL, ended REAL);
CREATE TABLE decisive (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    way BLOB NOT NULL,
    place INTEGER,
    state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'done', 'failed')),
    kept INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    sha256 TEXT,
    stage TEXT,
    error TEXT,
    seconds REAL,
    started REAL,
    finished REAL,
    characters INTEGER,
    triples INTEGER
);
CREATE INDEX places ON documents (place);
CREATE INDEX states ON documents (state);
CREATE TABLE results (document INTEGER PRIMARY KEY REFERENCES documents (id), packed BLOB NOT NULL);
"""
_PLAN = """
INSERT INTO documents (doc_id, path, way, place, state) VALUES (?, ?, ?, ?, 'planned')
ON CONFLICT (doc_id) DO UPDATE SET
    sha256 = CASE WHEN path = excluded.path THEN sha256 END,
    attempts = CASE WHEN state IN ('planned', 'running') AND path = excluded.path THEN attempts ELSE 0 END,
    path = excluded.path, way = excluded.way, place = excluded.place, state = 'planned',
    kept = 0, stage = NULL, error = NULL, started = NULL
"""
_DONE = """
UPDATE documents SET state = 'done', attempts = attempts + 1, sha256 = ?, stage = NULL, error = NULL,
    seconds = ?, finished = ?, characters = ?, triples = ? WHERE doc_id = ? RETURNING id
"""
_NOT_DONE = """
UPDATE documents SET state = ?, attempts = attempts + 1, sha256 = NULL, stage = ?, error = ?,
    seconds = ?, finished = ?, characters = NULL, triples = NULL WHERE doc_id = ? RETURNING id, attempts
"""


class Plan(NamedTuple):
    """What is to be done: `known` documents have a result that counts if their bytes are the same; `dropped` ones are no longer there."""

    documents: int
    known: int
    dropped: int
    anew: str | None


class Session(NamedTuple):
    """The command that works, or last worked, on a run; times are seconds since 1970."""

    process: int
    workers: int
    began: float
    ended: float | None = None


class Figures(NamedTuple):
    """Sums of a session: documents that were kept, that were tried twice, that were read, and the characters of these."""

    kept: int
    retried: int
    read: int
    characters: int


class Row(NamedTuple):
    """A document at the end of a run, with its packed result, or where and why it failed."""

    doc_id: str
    path: str
    stage: str | None
    error: str | None
    packed: bytes | None


class Ledger:
    """The ledger in a file; only the process that has the run folder may open it."""

    def __init__(self, path: Path) -> None:
        """Open the ledger, or begin one.

        Raises:
            sqlite3.Error: where it cannot be read or written.
        """
        # Each statement is a transaction, but where one is begun.
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            with self._transaction():
                for (table,) in self._all("SELECT name FROM sqlite_schema WHERE type = 'table'"):
                    self._db.execute(f"DROP TABLE {table}")
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Close it; nothing is left beside the file."""
        self._db.close()

    def plan(self, inputs: Iterable[tuple[int, Input]], decisive: dict[str, str]) -> Plan:
        """Take documents of a corpus with their places in it; what earlier runs wrote of others is forgotten.

        `decisive` are digests of what decides the bytes beside the documents: where one has changed, all is read anew,
        and the plan names it in `anew`.
        """
        before = dict(self._all("SELECT name, value FROM decisive"))
        changed = [name for name in decisive if before and before.get(name) != decisive[name]]
        placed = iter(inputs)
        with self._transaction():
            if changed:
                self._db.execute("UPDATE documents SET sha256 = NULL, attempts = 0")
            self._db.execute("UPDATE documents SET place = NULL")
            while rows := [
                (item.doc_id, item.path, _encode_way(item), place) for place, item in islice(placed, _CHUNK)
            ]:
                self._db.executemany(_PLAN, rows)
            self._db.execute(
                "DELETE FROM results WHERE document IN (SELECT id FROM documents WHERE sha256 IS NULL OR place IS NULL)"
            )
            dropped = self._db.execute("DELETE FROM documents WHERE place IS NULL").rowcount
            self._db.executemany("INSERT OR REPLACE INTO decisive VALUES (?, ?)", decisive.items())
            ((documents, known),) = self._all("SELECT count(*), count(sha256) FROM documents")
        return Plan(documents, known, dropped, ", ".join(changed) or None)

    def tasks(self, *, again: bool = False) -> Iterator[Task]:
        """Yield the documents that are planned, in order; `again` those, and only those, that were lost once.

        What is taken is running.
        """
        last = -1
        query = f"""SELECT place, doc_id, path, way, sha256 FROM documents
            WHERE place > ? AND state = 'planned' AND attempts {">" if again else "="} 0 ORDER BY place LIMIT {_CHUNK}"""
        while rows := self._all(query, last):
            last = rows[-1][0]
            for _, doc_id, path, way, known in rows:
                self._db.execute(
                    "UPDATE documents SET state = 'running', started = ? WHERE doc_id = ?", (time.time(), doc_id)
                )
                yield Task(_decode_way(doc_id, path, way), known)

    def record(self, answer: Answer) -> State:
        """Write down what became of a document, and return it: who is lost for the second time has failed."""
        with self._transaction():
            if answer.state == "unchanged":
                self._db.execute("UPDATE documents SET state = 'done', kept = 1 WHERE doc_id = ?", (answer.doc_id,))
                return answer.state
            now = time.time()
            if answer.state == "done":
                found = (answer.sha256, answer.seconds, now, answer.characters, answer.triples, answer.doc_id)
                ((row,),) = self._all(_DONE, *found)
                self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (row, answer.result))
                return answer.state
            failed = ("failed", answer.stage, answer.error, answer.seconds, now, answer.doc_id)
            ((row, attempts),) = self._all(_NOT_DONE, *failed)
            self._db.execute("DELETE FROM results WHERE document = ?", (row,))
            if again := answer.state == "lost" and attempts == 1:
                self._db.execute("UPDATE documents SET state = 'planned' WHERE id = ?", (row,))
            return "lost" if again else "failed"

    def rows(self) -> Iterator[Row]:
        """Yield all documents in order, one in memory at a time."""
        query = """SELECT doc_id, path, stage, error, packed FROM documents
            LEFT JOIN results ON document = id ORDER BY place"""
        return map(Row._make, self._db.execute(query))

    def adopt(self, path: Path, *, behind: bool) -> None:
        """Take over all documents of a finished run's ledger: at their places in their corpus, or `behind` those that are here.

        Raises:
            sqlite3.Error: where that ledger cannot be read.
            ValueError: where a document is here already; the message names it.
        """
        ((last,),) = self._all("SELECT coalesce(max(place) + 1, 0) FROM documents")
        self._db.execute("ATTACH ? AS other", (str(path),))
        try:
            with self._transaction():
                twice = self._all("SELECT doc_id FROM other.documents JOIN documents USING (doc_id) LIMIT 1")
                if twice:
                    raise ValueError(twice[0][0])
                columns = ", ".join(
                    column
                    for _, column, *_ in self._all("PRAGMA table_info(documents)")
                    if column not in ("id", "place")
                )
                self._db.execute(
                    f"INSERT INTO documents (place, {columns}) SELECT place + ?, {columns} FROM other.documents",
                    (last if behind else 0,),
                )
                self._db.execute(
                    """INSERT INTO results SELECT documents.id, packed FROM other.results
                    JOIN other.documents AS theirs ON theirs.id = document JOIN documents ON documents.doc_id = theirs.doc_id"""
                )
                self._db.execute("INSERT OR REPLACE INTO decisive SELECT * FROM other.decisive")
        finally:
            self._db.execute("DETACH other")

    def begin(self, session: Session) -> None:
        """Keep who works on the run."""
        with self._transaction():
            self._db.execute("DELETE FROM session")
            self._db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", session)

    def end(self) -> None:
        """Keep that the run is whole."""
        self._db.execute("UPDATE session SET ended = ?", (time.time(),))

    def session(self) -> Session:
        """Return who works on the run, or did."""
        return Session(*self._all("SELECT * FROM session")[0])

    def figures(self) -> Figures:
        """Return sums of the session."""
        query = """SELECT sum(kept), sum(attempts > 1), sum(state = 'done' AND finished >= ?1),
            sum(iif(state = 'done' AND finished >= ?1, characters, 0)) FROM documents"""
        return Figures(*self._all(query, self.session().began)[0])

    def _all(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled it back already.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _encode_way(item: Input) -> bytes:
    # A file name need not be UTF-8.
    return msgspec.msgpack.encode((os.fsencode(item.file), item.steps, item.fault))


def _decode_way(doc_id: str, path: str, way: bytes) -> Input:
    file, steps, fault = msgspec.msgpack.decode(way, type=tuple[bytes, tuple[Step, ...], str | None])
    return Input(doc_id, path, Path(os.fsdecode(file)), steps, fault)
